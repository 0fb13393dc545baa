using Aval.Text.Identifiers;

namespace Aval.Tests.Identifiers;

/// <summary>What is masked and what is not, kind by kind. In the tables, [ and ] stand around what is found.</summary>
public sealed class IdentifierFinderTests
{
    [Theory]
    [InlineData("email", "write to [kim.invented+list@mail.example.org], please")]
    [InlineData("email", "<[kim@example.org]>")]
    [InlineData("email", "[jörg@müller.example]. Then")]
    [InlineData("email", "írj a [kim.invented@example.com]-ra, [kim@example.org]-Adresse, [a@b.example]-x@")]
    [InlineData("email", "[kim@xn--mller-kva.de], [kim@mail.xn--mller-kva.de]-nek")]
    [InlineData("email", "[kim@firma.xn--90ae], [kim@firma.xn--vermgensberatung-pwb]. [a@b.de]--x [a@b.de]--")]
    [InlineData("iban", "IBAN [DE89 3704 0044 0532 0130 00] thanks")]
    [InlineData("iban", "to [gb82west12345698765432].")]
    [InlineData("card", "[4111 1111 1111 1111]")]
    [InlineData("card", "my card # [5500005555555559]")]
    [InlineData("card", "[378282246310005] expires")]
    [InlineData("national-id", "codice fiscale [RSSMRA85T10A562S]")]
    [InlineData("national-id", "NIR [2 53 07 2B 073 004 70]")]
    [InlineData("national-id", "[131052-308T] on hetu")]
    [InlineData("national-id", "mi DNI es [12345678Z]")]
    [InlineData("national-id", "PESEL: [44051401359]")]
    [InlineData("national-id", "BSN [111222333]")]
    [InlineData("tax-id", "VAT [DE 136 695 976]")]
    [InlineData("tax-id", "Steuernummer [181/815/08155]")]
    [InlineData("tax-id", "NIP [8567346215]")]
    [InlineData("plate", "Kennzeichen [B-AB 1234] steht dort")]
    [InlineData("plate", "la targa [AB 123 CD]")]
    [InlineData("ip", "from [203.0.113.77] at noon")]
    [InlineData("ip", "IP:[203.0.113.77], from:[203.0.113.78] Host:[203.0.113.79]:8080 face:[203.0.113.80]")]
    [InlineData("ip", "[2001:db8::ff00:42:8329]")]
    [InlineData("mac", "the card [aa:bb:cc:dd:ee:ff]")]
    [InlineData("mac", "[00-1B-44-11-3A-B7]")]
    [InlineData("crypto", "[1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa]")]
    [InlineData("crypto", "[bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq]")]
    [InlineData("crypto", "[0x52908400098527886E0F7030069857D2E4169EE7]")]
    [InlineData("coordinates", "at [48.85830, 2.29450].")]
    [InlineData("coordinates", "[48°51'29\"N 2°17'40\"E]")]
    [InlineData("coordinates", "[59,3293° N 18,0686° Ö], [59,3293N, 10,6860 Ø] and [48°51'29\"N 2°17'40\"Ø]")]
    [InlineData("coordinates", "[59.3293 N, 18.0686 V]")]
    [InlineData("url", "see [https://kim:secret@example.org/x]")]
    [InlineData("url", "[https://example.org/~kim], [https://example.org/users/kim/photos]")]
    [InlineData("url", "[https://example.org/?email=kim@example.org]")]
    [InlineData("profile", "[https://www.instagram.com/kim_invented] and [twitter.com/kim_invented]")]
    [InlineData("profile", "[https://www.facebook.com/profile.php?id=100044]")]
    [InlineData("profile", "[https://www.instagram.com/stories/kim_invented/3412345678901234567/]")]
    [InlineData("profile", "[https://www.flickr.com/photos/kim_invented/53123] [https://m.youtube.com/c/KimInvented]")]
    [InlineData("profile", "[https://open.spotify.com/intl-de/user/kim_invented] [https://kim.tumblr.com/post/53123]")]
    [InlineData("profile", "[https://kiminvented.substack.com] and [kiminvented.bandcamp.com/album/first]")]
    [InlineData("handle", "by [@kim_invented] and [@kim@social.example]!")]
    [InlineData("handle", ".[@kim_invented] is right... -[@kim] w/[@kim] CC/[@kim], [@kim]/[@lou] and /[@kim]")]
    [InlineData("handle", "[@kim_invented_who_writes_a_very_long_name_here] and [@kim@social.example]-nak")]
    public void An_identifier_is_found(string kind, string marked) =>
        Holds(marked, IdentifierKindNames.All.Single(known => known.ToText() == kind), country: null);

    [Theory]
    [InlineData(null, "call me at [+49 1512 3456789]")]
    [InlineData(null, "call me at [+33 6 12 34 56 78], ok")]
    [InlineData(null, "[0049 30 1234567]")]
    [InlineData(null, "[(201) 555-0123] or [201-555-0123 ext. 12]")]
    [InlineData(null, "Tel. [0151 23456789]")]
    [InlineData("DE", "unter [0151 23456789] oder [030/1234567]")]
    [InlineData("DE", "[0151-23456789]/[0171-2345678], [0151 23456789] / [0171 2345678]")]
    [InlineData("DE", "[0151-23456789]/[(0171) 2345678]")]
    [InlineData("DE", "[0221/123456] oder [0221 / 1234567], [+43 1 58058/0]")]
    [InlineData("FR", "Tél. [01.23.45.67.89]/[06.12.34.56.78]")]
    [InlineData("FR", "[01 23 45 67 89] / [06 12 34 56 78] / [06 12 34 56 79]/[0612345670]")]
    [InlineData("IT", "scrivi al [338/1234567] o [347.1234567]")]
    [InlineData("HU", "a számom [20/1234567]")]
    [InlineData("PL", "jest [501 234 567]")]
    [InlineData("PL", "[501 234 567] / [502 345 678] / [503 456 789]")]
    [InlineData("ES", "es el [612 34 56 78]")]
    [InlineData("GB", "it is [07400 123456]")]
    public void A_telephone_number_is_found(string? country, string marked) =>
        Holds(marked, IdentifierKind.Phone, country);

    [Theory]
    [InlineData("Ich wohne [Hauptstraße 5, 12345 Berlin].")]
    [InlineData("[Lange Straße 12a, 10115 Berlin]")]
    [InlineData("abito in [via Garibaldi 12, 20121 Milano]")]
    [InlineData("[12 rue de la Paix, 75002 Paris]")]
    [InlineData("[10 Invented Street, London SW1A 2AA]")]
    [InlineData("[ul. Długa 5 m. 3, 00-238 Warszawa]")]
    [InlineData("[1052 Budapest, Váci utca 5].")]
    [InlineData("[Brīvības iela 12, Rīga, LV-1010]")]
    [InlineData("[Calle Mayor 5, 28013 Madrid]")]
    [InlineData("[Damstraat 12, 1012 AB Amsterdam]")]
    [InlineData("[Calle Mayor n° 5, 28013 Madrid], [Calle Mayor nº 5], [Rua Augusta n.º5, 1100-048 Lisboa]")]
    [InlineData("[ул. Шипка № 12, 1504 София] и [ул. Шипка №12, 1504 София]")]
    [InlineData("[Triq ix-Xatt 12, Sliema SLM 1022] u [12, Triq is-Suq]")]
    [InlineData("[ΟΔΟΣ ΕΡΜΟΥ 12, 10563 ΑΘΗΝΑ]")]
    [InlineData("[Şoseaua Olteniţei 12, 041312 Bucureşti]")]
    [InlineData("[12bis, rue de la Paix, 75002 Paris] et [12 ter rue de la Paix]")]
    [InlineData("[Lindenstr.5, 12345 Berlin]")]
    public void A_postal_address_is_found(string marked) => Holds(marked, IdentifierKind.Address, country: null);

    [Theory]
    [InlineData("Order 4111111111111111 has left")]
    [InlineData("Bestellnummer 0151 23456789")]
    [InlineData("#1234567890 and #2024")]
    [InlineData("on 12.11.2020 at 10:30, 2019-2020, 2024-05-27T10:00:00Z")]
    [InlineData("1 234 567 people, 12.345.678,90 €, £1,234,567")]
    [InlineData("ISBN 978-3-16-148410-0")]
    [InlineData("version 1.2.3.4 and build 10.0.19041.1")]
    [InlineData("(1821-1893), 15.00 – 15.45")]
    [InlineData("3.14159265358979")]
    [InlineData("std::vector<int> a::b ab::cd 10:30:15")]
    [InlineData("@5pm, 2 @ 3, a @ b")]
    [InlineData("node_modules/@angular/core ../@types/node ./@scope src/@babel x.@y foo-@bar a/b/w/@kim @@version")]
    [InlineData("10:30:203.0.113.77 ::203.0.113.77 a:dead:203.0.113.77 version:10.20.30.40")]
    [InlineData("a@b.x-ray a@b-c.d-e a@b.x--ray a@b--c")]
    [InlineData("https://shop.example/order/4111111111111111?page=2")]
    [InlineData("https://www.facebook.com/events/1234567890")]
    [InlineData("https://www.instagram.com/stories/highlights/17900000000000000/ https://www.instagram.com/stories/")]
    [InlineData("https://www.flickr.com/photos/tags/harbour https://facebook.com/photos/ https://www.youtube.com/c/")]
    [InlineData("https://www.pinterest.de/pin/1234567/ https://steamcommunity.com/app/570")]
    [InlineData("https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk https://open.spotify.com/show/4rOoJ6Egrf8K2")]
    [InlineData("https://open.spotify.com/intl-fr/album/4rOoJ6Egrf8K2 https://open.spotify.com/intl-fr")]
    [InlineData("https://www.tumblr.com/tagged https://blog.substack.com/p/first https://wordpress.com/support")]
    [InlineData("https://steamcommunity.com/sharedfiles/filedetails/?id=1234567890")]
    [InlineData("B-AB 1234 is an article")]
    [InlineData("in 12345 Berlin, Sitzplatz 12, im Frühling 2024")]
    [InlineData("48.8, 2.3 is a score")]
    [InlineData("59,3293 18,0686 are numbers of a table, and so are 0,1234 N 0,5678")]
    [InlineData("fig.5, v.5, Nr.5, n° 5, № 5, 12 bis, is-5, 12bis")]
    [InlineData("12345678901234567890")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("IBAN DE89 3704 0044 0532 0130 01")]
    public void What_only_looks_like_one_is_left(string text) => Assert.Empty(Find(text, country: null));

    [Theory]
    [InlineData("Åbent 09.00 - 17.00, lørdag 10.00-14.00 og søndag 12.00–16.00")]
    [InlineData("04.12.23 15.30, 24.12.23-26.12.23, 24.-26.12.25, 24/12-26/12, 24.12. 18.30")]
    [InlineData("Vi vandt 25-23 25-21 23-25 og 25-20 15-13")]
    [InlineData("Tlf. mellem 09.00 - 15.00")]
    public void Times_days_and_results_are_no_telephones(string text)
    {
        foreach (var country in new[] { "DK", "SE", "NO", "FI", "EE", "LU", null })
            Assert.Empty(Find(text, country));
    }

    [Theory]
    [InlineData("DK", "ring [20 12 10 11] eller [31-12-10-11], tlf. [20.12 10.11]")]
    [InlineData("DK", "åbent 09.00 - 17.00, ring [20 12 10 11]")]
    [InlineData("FR", "[06.12.10.08.05] ou [01-12-10-08-05]")]
    [InlineData("BE", "[02/511.22.33] en [0477/12.34.56]")]
    public void A_telephone_of_small_groups_is_one(string country, string marked) =>
        Holds(marked, IdentifierKind.Phone, country);

    [Theory]
    [InlineData("IT", "338/12345, 338.12 e 21/1234567 e 12.3456789 e 20.1234567")]
    [InlineData("PL", "50.1234567 and 12/1234567")]
    [InlineData("IT", "numero d'ordine 338/1234567")]
    public void A_fraction_or_a_decimal_is_no_telephone(string country, string text) =>
        Assert.Empty(Find(text, country));

    [Fact]
    public void A_kind_that_is_kept_is_taken_for_no_other_and_what_it_holds_is_masked()
    {
        var cards = IdentifierKinds.Of(IdentifierKind.Card);
        Assert.Empty(Find("call +1 201 555 0123", country: null, cards));
        var mails = IdentifierKinds.Of(IdentifierKind.Email);
        Assert.Equal(
            "https://example.org/?email=<EMAIL>", Mask("https://example.org/?email=kim@example.org", null, mails));
    }

    [Fact]
    public void What_the_author_lives_with_decides_where_a_form_is_of_several_states()
    {
        Assert.Empty(Find("44051401359", country: null));
        Assert.Equal(IdentifierKind.NationalId, Assert.Single(Find("44051401359", country: "PL")).Kind);
    }

    [Fact]
    public void Of_two_findings_that_overlap_the_one_that_holds_the_other_wins()
    {
        var found = Assert.Single(Find("https://example.org/users/kim@example.org/4111111111111111", country: null));
        Assert.Equal(new IdentifierSpan(IdentifierKind.Url, 0, 58), found);
    }

    [Fact]
    public void Offsets_count_utf16()
    {
        var found = Assert.Single(Find("📞😀 kim@example.org", country: null));
        Assert.Equal((5, 15), (found.Start, found.Length));
    }

    [Fact]
    public void Kinds_are_named_and_an_unknown_name_is_said()
    {
        Assert.True(IdentifierKinds.TryParse("email, national-id", out var kinds, out _));
        Assert.Equal(IdentifierKinds.Of(IdentifierKind.Email, IdentifierKind.NationalId), kinds);
        Assert.True(IdentifierKinds.TryParse("all", out kinds, out _));
        Assert.Equal(15, kinds.Count);
        Assert.False(IdentifierKinds.TryParse("email,fax", out _, out var unknown));
        Assert.Equal("fax", unknown);
    }

    private static void Holds(string marked, IdentifierKind kind, string? country)
    {
        var expected = new List<IdentifierSpan>();
        var text = "";
        foreach (var c in marked)
        {
            if (c == '[')
                expected.Add(new IdentifierSpan(kind, text.Length, 0));
            else if (c == ']')
                expected[^1] = expected[^1] with { Length = text.Length - expected[^1].Start };
            else
                text += c;
        }

        Assert.Equal(expected, Find(text, country));
    }

    private static List<IdentifierSpan> Find(string text, string? country, IdentifierKinds? kinds = null)
    {
        var found = new List<IdentifierSpan>();
        IdentifierFinder.Find(text, country, kinds ?? IdentifierKinds.All, found);
        return found;
    }

    private static string Mask(string text, string? country, IdentifierKinds? kinds = null) =>
        IdentifierMask.Apply(text, Find(text, country, kinds));
}
