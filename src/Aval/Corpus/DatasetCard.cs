using System.Globalization;
using System.Text;
using Aval.Decisions;
using Aval.Policies;

namespace Aval.Corpus;

/// <summary>
/// The release's README.md: the YAML front matter that dataset hubs read, then, for people, what this is, under which
/// rules it was made and what became of every item. All dates are as of the release, so the same release has the same
/// card.
/// </summary>
internal static class DatasetCard
{
    /// <summary>The bytes of README.md.</summary>
    public static byte[] Of(Manifest manifest, Policy policy, Accounting accounting)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(accounting);
        var card = new StringBuilder();
        FrontMatter(card, manifest, accounting);
        Header(card, manifest, policy, accounting);
        Rules(card, policy);
        Counts(card, manifest, policy, accounting);
        Reading(card);
        return Encoding.UTF8.GetBytes(card.ToString());
    }

    private static void FrontMatter(StringBuilder card, Manifest manifest, Accounting accounting)
    {
        card.Append("---\n");
        card.Append($"pretty_name: \"{manifest.Corpus} {manifest.Release}\"\n");
        var languages = accounting.Languages.Where(slice => slice.Value.Admitted > 0)
            .Select(slice => slice.Key)
            .Where(IsLanguageTag).ToArray();
        card.Append(languages.Length == 0 ? "language: []\n" : "language:\n");
        foreach (var language in languages)
            card.Append($"- {language}\n");
        card.Append("license: other\nlicense_name: personal-data-under-policy\n");
        card.Append("task_categories:\n- text-generation\n");
        card.Append($"size_categories:\n- {SizeCategory(manifest.Admitted)}\n");
        card.Append("tags:\n- personal-data\n- gdpr\n- aval\n");
        card.Append("configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: shards/*.parquet\n");
        card.Append("---\n\n");
    }

    private static void Header(StringBuilder card, Manifest manifest, Policy policy, Accounting accounting)
    {
        card.Append($"# {manifest.Corpus} {manifest.Release}\n\n");
        card.Append($"{Cell(policy.Title)}. Made as of {manifest.AsOf.ToText()} for {Cell(manifest.Controller)}, for "
            + $"the purpose `{policy.Purpose}`, on the basis of {Basis(policy.Basis)}.\n\n");
        card.Append("The text is personal data: whoever holds this release is bound by the General Data Protection "
            + "Regulation, and must be able to drop or replace shards when somebody objects later.\n\n");
        card.Append("| | |\n| --- | --- |\n");
        card.Append($"| policy | `{policy.Name}`, SHA-256 `{policy.Sha256}` |\n");
        card.Append($"| choices honoured | {Number(manifest.Choices)}, of a ledger of {manifest.LedgerSize} "
            + "entries" + (manifest.ErasedTo == manifest.LedgerSize
                ? ""
                : $", and the erasures among its first {manifest.ErasedTo}") + " |\n");
        if (manifest.ProtectUntil > manifest.AsOf)
            card.Append($"| what protects was honoured until | {manifest.ProtectUntil.ToText()} (recalled) |\n");
        if (manifest.Orders.Count > 0)
            card.Append($"| orders in force (entries of the ledger) | {string.Join(", ", manifest.Orders)} |\n");
        card.Append($"| of these, about accounts or items that the content does not know | "
            + $"{Number(accounting.UnmatchedChoices)} |\n");
        card.Append($"| content snapshot | `{manifest.Content}` |\n");
        card.Append($"| made by | {manifest.Engine} |\n\n");
    }

    private static void Rules(StringBuilder card, Policy policy)
    {
        card.Append("## Rules\n\nThe first rule that excludes an item gives the reason. Unknown never means allowed.\n"
            + "\n| rule | what it does | law |\n| --- | --- | --- |\n");
        foreach (var rule in policy.Rules.Where(rule => rule is not Rule.Off))
            card.Append($"| {rule.Id} | {Cell(rule.ToSentence())} | {Cell(rule.Law ?? "")} |\n");
        var off = policy.Rules.OfType<Rule.Off>().ToArray();
        if (off.Length > 0)
        {
            card.Append("\n### Not done\n\n| rule | why it is off |\n| --- | --- |\n");
            foreach (var rule in off)
                card.Append($"| {rule.Id} | {Cell(rule.Because)} |\n");
        }

        card.Append('\n');
    }

    private static void Counts(StringBuilder card, Manifest manifest, Policy policy, Accounting accounting)
    {
        card.Append("## What became of every item\n\n| | items |\n| --- | ---: |\n");
        card.Append($"| read | {Number(accounting.Total.Read)} |\n"
            + $"| **admitted** | **{Number(accounting.Total.Admitted)}** |\n");
        foreach (var (reason, items) in accounting.Total.Excluded)
            card.Append($"| {reason.ToText()} | {Number(items)} |\n");
        card.Append($"\nLines that no import could take: {Number(accounting.RejectedLines)}. "
            + $"By rule, service, kind and language: `accounting.json`.\n\n");
        foreach (var rule in accounting.Rules.Where(rule => rule.LetIn > 0))
            card.Append($"Of the admitted, {Number(rule.LetIn ?? 0)} say what an excluded item says: so many unrelated "
                + $"people do that it is nobody's (rule {rule.Rule}).\n\n");
        Masks(card, accounting);
        var isFound = policy.Rules.OfType<Rule.Language>().Any();
        card.Append("## Languages\n\n"
            + (isFound ? "As found in the text; `und` = nobody can tell." : "As the platform hinted; `und` = no hint.")
            + "\n\n| language | admitted | read |\n| --- | ---: | ---: |\n");
        foreach (var (language, tally) in accounting.Languages)
            card.Append($"| {Cell(language)} | {Number(tally.Admitted)} | {Number(tally.Read)} |\n");
        card.Append($"\n{manifest.Buckets} shards: an account's rows are in one of them, scattered by row key.\n\n");
    }

    private static void Masks(StringBuilder card, Accounting accounting)
    {
        if (accounting.Masked.Count == 0)
            return;
        card.Append(
            "## What was replaced in texts\n\nBy its kind, such as `<PERSON>`. What has another form, and names that "
            + "stand free, were not looked for.\n\n| kind | how often |\n| --- | ---: |\n");
        foreach (var kind in accounting.Masked.GroupBy(one => one.Kind))
            card.Append($"| {kind.Key} | {Number(kind.Sum(one => one.Count))} |\n");
        card.Append('\n');
    }

    private static void Reading(StringBuilder card) => card.Append("""
        ## Reading it

        Parquet, Zstandard, one file a bucket, ordered by (`language`, `row_key`). Columns: `row_key` (opaque pseudonym of the item), `text`, `language`,
        `kind`, `service`, `year`, `media`. `manifest.json` lists every file with its SHA-256.

        """.ReplaceLineEndings("\n"));

    private static string Basis(LegalBasis basis) => basis switch
    {
        LegalBasis.LegitimateInterest => "legitimate interest (GDPR Art. 6(1)(f))",
        LegalBasis.Consent => "consent (GDPR Art. 6(1)(a))",
    };

    private static string SizeCategory(long rows) => rows switch
    {
        < 1_000 => "n<1K",
        < 10_000 => "1K<n<10K",
        < 100_000 => "10K<n<100K",
        < 1_000_000 => "100K<n<1M",
        < 10_000_000 => "1M<n<10M",
        < 100_000_000 => "10M<n<100M",
        < 1_000_000_000 => "100M<n<1B",
        _ => "n>1B",
    };

    // Hints come from outside: only what is shaped like a language tag may enter the front matter.
    private static bool IsLanguageTag(string hint) =>
        hint is not "und" && hint.Length is >= 2 and <= 12 && hint.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string Cell(string text) => Shown.InMarkdown(text);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
