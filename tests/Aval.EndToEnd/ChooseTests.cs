using System.Globalization;
using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary><c>aval choose</c> as its users and scripts see it.</summary>
public sealed class ChooseTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("aval-choose-").FullName;

    public ChooseTests() => AvalProcess.Run(_workspace, "init").Done();

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public void A_choice_is_told_with_its_index_its_meaning_and_from_when_it_counts()
    {
        var first = AvalProcess
            .Run(_workspace, "choose", "objection", "--account", "facebook:1", "--made-at", "2025-05-27T00:00:00Z")
            .Done().Output
            .Split('\n');
        Assert.Equal("Entry 0: objection of facebook:1, scope everything, purpose train-generative-ai.", first[0]);
        Assert.Equal("It means: all that facebook:1 publishes stays out of releases for train-generative-ai until the "
            + "person lifts the objection, on every account ever linked to this one too (GDPR Art. 21).", first[1]);
        Assert.Matches(
            @"^It counts in every release made as of 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z or later\.$", first[2]);
        var second = AvalProcess.Run(
            _workspace, "choose", "consent", "--account", "facebook:1", "--notice", "v1", "--until",
            "2999-01-01T00:00:00Z", "--json").Done().Output;
        using var json = JsonDocument.Parse(second);
        Assert.Equal(1, json.RootElement.GetProperty("index").GetInt64());
        Assert.Equal("2999-01-01T00:00:00.000000Z", json.RootElement.GetProperty("until").GetString());
        Assert.Equal(
            json.RootElement.GetProperty("made_at").GetString(),
            json.RootElement.GetProperty("counts_from").GetString());
    }

    [Fact]
    public void What_is_said_now_is_made_after_what_it_answers_though_the_clock_was_set_back_since_and_that_is_told()
    {
        // As a clock that went two hours ahead leaves it.
        var ahead = TimeProvider.System.GetUtcNow().AddHours(2)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'.000000Z'", CultureInfo.InvariantCulture);
        AvalProcess.Run(
            _workspace, "choose", "consent", "--account", "facebook:1", "--notice", "v1", "--made-at", ahead).Done();
        var told = AvalProcess.Run(_workspace, "choose", "withdrawal", "--account", "facebook:1").Done().Output;
        Assert.Contains(
            $"It counts as made at {ahead}, not at ", told, StringComparison.Ordinal);
        Assert.Contains($"It counts in every release made as of {ahead} or later.", told, StringComparison.Ordinal);
        using (var json = JsonDocument.Parse(AvalProcess.Run(
            _workspace, "choose", "withdrawal", "--account", "facebook:1", "--json").Done().Output))
        {
            Assert.Equal(ahead, json.RootElement.GetProperty("made_at").GetString());
            Assert.Equal(
                json.RootElement.GetProperty("received_at").GetString(),
                json.RootElement.GetProperty("said_at").GetString());
        }

        using var stated = JsonDocument.Parse(AvalProcess.Run(
            _workspace, "choose", "withdrawal", "--account", "facebook:1", "--made-at", "2025-05-27T00:00:00Z",
            "--json").Done().Output);
        Assert.Equal("2025-05-27T00:00:00.000000Z", stated.RootElement.GetProperty("made_at").GetString());
        Assert.False(stated.RootElement.TryGetProperty("said_at", out _));
        var file = Path.Combine(_workspace, "choices.csv");
        File.WriteAllLines(file, ["kind,account", "withdrawal,facebook:1", "withdrawal,facebook:2"]);
        Assert.Contains(
            "Of them, 1 counts as made later than this machine's clock says",
            AvalProcess.Run(_workspace, "choose", "--from", file).Done().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_begins_with_an_at_sign_is_no_name_of_a_file()
    {
        var told = AvalProcess
            .Run(_workspace, "choose", "objection", "--account", "facebook:1", "--channel", "@aval.yaml", "--json")
            .Done().Output;
        using var json = JsonDocument.Parse(told);
        Assert.Equal("@aval.yaml", json.RootElement.GetProperty("channel").GetString());
    }

    [Theory]
    [InlineData("choose", "Say either what was chosen")]
    [InlineData(
        "choose objection",
        "--account should hold service:id (for example facebook:100044), but is empty.\nNothing was recorded.")]
    [InlineData("choose complaint --account facebook:1", "KIND should hold one of objection,")]
    [InlineData("choose consent --account facebook:1", "--notice should hold the version of the information notice "
        + "that the consent answers (GDPR Art. 7(1)), but is empty.")]
    [InlineData(
        "choose objection --account facebook:1 --made-at 2025-05-27", "--made-at should hold an instant with its zone")]
    [InlineData(
        "choose objection --account facebook:1 --made-at 9999-01-01T00:00:00Z",
        "--made-at should hold an instant that is not more than a day after the clock")]
    [InlineData("choose objection --from choices.csv", "Say either what was chosen")]
    [InlineData("choose --from choices.csv --account facebook:1", "--account is about one choice")]
    [InlineData("choose objection --account facebook:1 --errors list.txt", "--errors goes with --from")]
    public void A_command_line_that_does_not_fit_together_records_nothing(string line, string says)
    {
        var answer = AvalProcess.Run(_workspace, line.Split(' '));
        Assert.Equal((2, ""), (answer.Exit, answer.Output));
        Assert.StartsWith(says, answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_workspace, "choices.db")));
    }

    [Fact]
    public void A_file_is_recorded_or_all_that_is_wrong_with_it_is_listed()
    {
        var file = Path.Combine(_workspace, "choices.csv");
        var list = Path.Combine(_workspace, "errors.txt");
        File.WriteAllLines(file, ["kind,account", .. Enumerable.Range(0, 30).Select(number => $"objection,{number}")]);
        var refused = AvalProcess.Run(_workspace, "choose", "--from", file, "--errors", list);
        Assert.Equal((3, ""), (refused.Exit, refused.Output));
        Assert.Contains(
            "… and 10 more.\nNo choice from this file was recorded. Correct the lines and run the import again.",
            refused.Error, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"{file}, line {number + 2}: column \"account\" should "
            + $"hold service:id (for example facebook:100044), but holds \"{number}\"."), File.ReadLines(list));

        // The list of another file's errors stays as it is, and so does whatever else somebody names by a slip.
        Assert.Equal(2, AvalProcess.Run(_workspace, "choose", "--from", file, "--errors", file).Exit);
        Assert.Equal("kind,account", File.ReadLines(file).First());

        File.WriteAllLines(
            file, ["kind,account", "objection,facebook:1", "refusal,facebook:2", "objection,facebook:3"]);
        Assert.Equal(
            $"{file}: 3 choices recorded, entries 0 to 2.",
            AvalProcess.Run(_workspace, "choose", "--from", file).Done().Output.Split('\n')[0]);
        using var json = JsonDocument.Parse(
            AvalProcess.Run(_workspace, "choose", "--from", file, "--json").Done().Output);
        Assert.Equal((3, 3, 5), (json.RootElement.GetProperty("recorded").GetInt64(),
            json.RootElement.GetProperty("first").GetInt64(), json.RootElement.GetProperty("last").GetInt64()));
        Assert.Equal(2, json.RootElement.GetProperty("kinds").GetProperty("objection").GetInt64());
    }

    /// <summary>Whoever is told that nothing happened says it again.</summary>
    [Fact]
    public void A_receipt_that_has_no_place_is_found_before_anything_is_recorded()
    {
        var taken = Path.Combine(_workspace, "letter.txt");
        File.WriteAllLines(taken, ["a letter"]);
        foreach (var place in new[] { taken, Path.Combine(_workspace, "missing", "a.receipt") })
        {
            var refused = AvalProcess.Run(
                _workspace, "choose", "objection", "--account", "facebook:100044", "--receipt", place);
            Assert.Equal(2, refused.Exit);
            Assert.Contains("othing was recorded", refused.Error, StringComparison.Ordinal);
        }

        Assert.Contains(
            "Entry 0: objection",
            AvalProcess.Run(_workspace, "choose", "objection", "--account", "facebook:100044").Done().Output,
            StringComparison.Ordinal);
    }

    /// <summary>GDPR Art. 18(3): on whichever of the person's accounts it was asked for.</summary>
    [Fact]
    public void Whoever_lifts_a_restriction_is_told_of_a_request_about_it_that_is_open()
    {
        var accounts = Path.Combine(_workspace, "accounts.jsonl");
        File.WriteAllLines(accounts, [
            """{"account":"facebook:7","person":"p7"}""", """{"account":"instagram:u7","person":"p7"}"""]);
        AvalProcess.Run(_workspace, "import", "table", accounts, "--as", "accounts").Done();
        AvalProcess.Run(_workspace, "choose", "restriction", "--account", "facebook:7").Done();
        var lifted = AvalProcess.Run(_workspace, "choose", "restriction-lifted", "--account", "instagram:u7").Done();
        Assert.Contains("Entry 1: restriction-lifted of instagram:u7", lifted.Output, StringComparison.Ordinal);
        Assert.Contains(
            "request 0 about it is open: tell the person first (Art. 18(3))", lifted.Error, StringComparison.Ordinal);
        var file = Path.Combine(_workspace, "lifted.csv");
        File.WriteAllLines(file, ["kind,account", "restriction-lifted,instagram:u7"]);
        Assert.Contains(
            "request 0, about a restriction that one of them lifts, is open",
            AvalProcess.Run(_workspace, "choose", "--from", file).Done().Error, StringComparison.Ordinal);
        AvalProcess.Run(_workspace, "requests", "answer", "0", "--text", "It is checked, and lifted.").Done();
        Assert.DoesNotContain(
            "is open", AvalProcess.Run(
                _workspace, "choose", "restriction-lifted", "--account", "instagram:u7").Done().Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_about_an_account_that_nobody_knows_is_recorded_and_told()
    {
        var items = Path.Combine(_workspace, "items.jsonl");
        File.WriteAllLines(items, [
            """{"item_id":"1","service":"facebook","kind":"post","author":"facebook:100044","audience":"public","text":"words"}"""
        ]);
        AvalProcess.Run(_workspace, "import", "table", items, "--as", "items").Done();
        Assert.DoesNotContain(
            "does not know",
            AvalProcess.Run(_workspace, "choose", "objection", "--account", "facebook:100044").Done().Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "The content does not know facebook:100045 (did you mean facebook:100044?): the choice has no effect until "
                + "an import brings it.",
            AvalProcess.Run(_workspace, "choose", "objection", "--account", "facebook:100045").Done().Output,
            StringComparison.Ordinal);
        using (var json = JsonDocument.Parse(
            AvalProcess.Run(_workspace, "choose", "objection", "--account", "facebook:100045", "--json").Done().Output))
        {
            Assert.False(json.RootElement.GetProperty("matched").GetBoolean());
            Assert.Equal("facebook:100044", json.RootElement.GetProperty("nearest")[0].GetString());
        }

        var file = Path.Combine(_workspace, "choices.csv");
        File.WriteAllLines(
            file, ["kind,account", "objection,facebook:100044", "objection,facebook:8", "objection,facebook:9"]);
        Assert.Contains(
            "2 choices name an account, or a service or an item of theirs, that the content does not know, and have "
                + "no effect there yet. "
                + $"List them with: aval choices unmatched. Those of this file are in {file}.unmatched-3.jsonl",
            AvalProcess.Run(_workspace, "choose", "--from", file).Done().Output,
            StringComparison.Ordinal);
        var list = $"{file}.unmatched-3.jsonl";
        Assert.Equal(["facebook:8", "facebook:9"], File.ReadLines(list)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("account").GetString()));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(list));

        Assert.Contains(
            "4 choices name an account, or a service or an item of theirs, that the content does not know",
            AvalProcess.Run(_workspace, "build", "--policy", "opt-out").Done().Output, StringComparison.Ordinal);
        Assert.Contains(
            "facebook:100045  (did you mean facebook:100044?)",
            AvalProcess.Run(_workspace, "choices", "unmatched").Done().Output, StringComparison.Ordinal);
        using var all = JsonDocument.Parse(AvalProcess.Run(_workspace, "choices", "unmatched", "--json").Done().Output);
        Assert.Equal([1, 2, 4, 5], all.RootElement.GetProperty("choices")
            .EnumerateArray()
            .Select(choice => choice.GetProperty("index").GetInt32()));
    }

    [Fact]
    public void A_handle_stands_for_an_account_wherever_a_person_names_one()
    {
        var accounts = Path.Combine(_workspace, "accounts.jsonl");
        File.WriteAllLines(accounts, ["""{"account":"instagram:17","handle":"kim_invented"}"""]);
        AvalProcess.Run(_workspace, "import", "table", accounts, "--as", "accounts").Done();
        Assert.StartsWith(
            "Entry 0: objection of instagram:17,",
            AvalProcess.Run(_workspace, "choose", "objection", "--handle", "instagram:@Kim_Invented").Done().Output,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "instagram:17, train-generative-ai, as of",
            AvalProcess.Run(_workspace, "stance", "--handle", "instagram:kim_invented").Done().Output,
            StringComparison.Ordinal);
        Assert.StartsWith("1 receipt in", AvalProcess
            .Run(_workspace, "receipt", "--handle", "instagram:kim_invented", "--out", Path.Combine(
                _workspace, "receipts"))
            .Done().Output, StringComparison.Ordinal);
        AvalProcess.Run(_workspace, "build", "--policy", "opt-out").Done();
        Assert.StartsWith(
            "instagram:17 has 0 items",
            AvalProcess.Run(_workspace, "explain", "--handle", "instagram:kim_invented").Done().Output,
            StringComparison.Ordinal);
        Assert.StartsWith("Absent: instagram:17", AvalProcess
            .Run(
                _workspace, "prove", "--handle", "instagram:kim_invented", "--out", Path.Combine(_workspace, "a.proof"))
            .Done().Output, StringComparison.Ordinal);

        var refused = AvalProcess.Run(_workspace, "choose", "objection", "--handle", "instagram:kim");
        Assert.Equal((2,
            "--handle should hold a handle that an account of the content has or had, but holds \"instagram:kim\".\n"
            + "Nothing was recorded.\n"), (refused.Exit, refused.Error));
        Assert.Equal(
            2, AvalProcess.Run(_workspace, "stance", "instagram:17", "--handle", "instagram:kim_invented").Exit);
        Assert.Equal(2, AvalProcess.Run(_workspace, "stance").Exit);
    }
}
