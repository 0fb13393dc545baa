using System.Text.Json;
using Aval.Tests.Exports;
using Aval.Text.Identifiers;

namespace Aval.Tests.Identifiers;

/// <summary>
/// Numbers that another library's check digits accepted or refused (python-stdnum's own tests), behind a word that says
/// what they are, for an author of their state.
/// </summary>
public sealed class SchemeVectorTests
{
    // Numbers of persons and of who pays taxes, and accounts. Not: companies' registers, securities, banknotes, post.
    private static readonly string[] Schemes =
    [
        "at_tin", "at_vnr", "be_bis", "be_iban", "be_nn", "be_ssn", "be_vat", "bg_egn", "bg_vat", "ch_ssn", "ch_uid",
        "cz_dic", "cz_rc", "de_idnr", "de_stnr", "de_vat", "dk_cpr", "es_iban", "es_nif", "eu_vat", "fi_hetu", "fr_nir",
        "fr_siren", "fr_tva", "gb_utr", "gb_vat", "gr_amka", "hu_anum", "iban", "ie_pps", "it_codicefiscale", "it_iva",
        "lt_asmens", "lt_pvm", "lv_pvn", "nl_bsn", "nl_btw", "no_fodselsnummer", "no_mva", "pl_regon", "pt_cc", "ro_cf",
        "ro_cui", "se_personnummer", "si_ddv", "si_emso", "sk_rc",
    ];

    [Fact]
    public void Of_numbers_with_check_digits_ninety_eight_in_a_hundred_are_found()
    {
        var (all, missed) = (0, new List<string>());
        foreach (var (scheme, country, number, _) in Vectors().Where(vector => vector.Valid))
        {
            all++;
            if (!IsFound(number, country))
                missed.Add($"{scheme} {number}");
        }

        Assert.True(all > 600, $"Only {all} numbers were read.");
        Assert.True(missed.Count <= all / 50, $"{missed.Count} of {all}: {string.Join("; ", missed)}");
    }

    [Fact]
    public void A_digit_that_is_wrong_is_no_account()
    {
        foreach (var (_, country, number, valid) in Vectors().Where(vector => vector.Scheme == "iban" && vector.Valid))
        {
            var last = number.TrimEnd()[^1];
            var wrong = number.TrimEnd()[..^1] + (last == '0' ? '1' : '0');
            var found = Find(wrong, country);
            Assert.DoesNotContain(found, span => span.Kind == IdentifierKind.Iban);
        }
    }

    private static bool IsFound(string number, string? country)
    {
        var found = Find($"VAT ID: {number}, thanks", country);
        return found.Exists(span => span.Start <= 8 && span.End >= 8 + number.Trim().Length
            && span.Kind is IdentifierKind.TaxId or IdentifierKind.NationalId or IdentifierKind.Iban);
    }

    private static List<IdentifierSpan> Find(string text, string? country)
    {
        var found = new List<IdentifierSpan>();
        IdentifierFinder.Find(text, country, IdentifierKinds.All, found);
        return found;
    }

    private static IEnumerable<(string Scheme, string? Country, string Number, bool Valid)> Vectors()
    {
        foreach (var line in File.ReadLines(SharedData.Path("pii/stdnum_vectors.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var vector = document.RootElement;
            var scheme = vector.GetProperty("module").GetString()!;
            var country = vector.GetProperty("cc").GetString()?.ToUpperInvariant();
            if (Schemes.Contains(scheme))
                yield return (scheme, country == "EU" ? null : country, vector.GetProperty("number").GetString()!,
                    vector.GetProperty("valid").GetBoolean());
        }
    }
}
