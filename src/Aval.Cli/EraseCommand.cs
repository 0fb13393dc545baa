using System.CommandLine;
using System.Text.Json;
using Aval.Orders;
using Aval.Recall.Erasing;

namespace Aval.Cli;

internal static class EraseCommand
{
    public static Command Create(Terminal terminal)
    {
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be erased, and do nothing" };
        var corpus = new Option<string?>("--corpus")
        {
            Description = "Make releases of this corpus alone again; those of others wait, and the erasure is not "
                + "complete",
            HelpName = "NAME",
        };
        var when = new Option<bool>("--when-due")
        {
            Description = "Only when erasures or orders to delete wait and the last run was so long ago as "
                + "erase-every says, or one of them has waited so long: for a timer",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("erase", """
            Carry out every recorded erasure (GDPR Art. 17): the items that it covers leave the content and every
            retained release, physically, and stay out when they are imported again. An erasure of everything takes the
            person too: account rows, notices, choices, and what names the person in what others wrote. Releases that
            held any of it are made again under the same policy, as of the same instant and at the same checkpoint. Then
            everything is searched.
            Exit codes: 0 complete, 1 not complete: the answer says what is left.

            Example: aval erase --dry-run
            Example: aval erase --when-due
            """) { dry, corpus, when, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            if (parsed.GetValue(when) && ErasureClock.Read(workspace) is var clock
                && !clock.IsDue(terminal.Clock.UtcNow()))
                return NotDue(terminal, clock, parsed.GetValue(json));
            ErasureOutcome outcome;
            using (var progress = new ProgressLine(terminal))
            {
                outcome = Erasures.CarryOut(
                    workspace,
                    new ErasureOptions(
                        limits.Of(parsed), parsed.GetValue(dry),
                        parsed.GetValue(corpus) is { } name ? CorpusName.Parse(name) : null),
                    terminal.Clock, progress.Report);
            }

            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, outcome));
            else
                Print(terminal.Out, outcome, terminal.Clock.UtcNow());
            return (int)(outcome.IsComplete || outcome.IsDry ? ExitCode.Done : ExitCode.No);
        });
        return command;
    }

    private static int NotDue(Terminal terminal, ErasureClock clock, bool json)
    {
        if (json)
        {
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                document.WriteBoolean("due", false);
                Waiting(document, clock);
                document.WriteEndObject();
            });
        }
        else
        {
            terminal.Out.WriteLine(clock.Next is { } next
                ? $"{clock.Waiting.Count} erasures"
                    + (clock.Ordered.Count > 0 ? $" and {clock.Ordered.Count} orders to delete" : "")
                    + $" wait, and are carried out together from {next.ToText()} on (erase-every). Nothing was done."
                : "No erasure and no order to delete waits. Nothing was done.");
        }

        return (int)ExitCode.Done;
    }

    private static void PrintClocks(TextWriter output, ErasureClock clock, DateTimeOffset now)
    {
        foreach (var one in clock.Waiting)
            output.WriteLine($"Erasure {one.Choice}, received {one.ReceivedAt.ToText()}: to be carried out by "
                + $"{one.Due.ToText()}{(one.Due < now ? ", which is OVERDUE" : "")}.");
        foreach (var one in clock.Ordered)
            output.WriteLine($"To be carried out by {one.Due.ToText()}{(one.Due < now ? ", which is OVERDUE" : "")}: "
                + $"{one.Order.Citation}.");
    }

    private static void Print(TextWriter output, ErasureOutcome outcome, DateTimeOffset now)
    {
        if (!outcome.IsComplete)
            PrintClocks(output, outcome.Clock, now);
        PrintTaken(output, outcome);
        PrintReleases(output, outcome.Releases);
        foreach (var folder in outcome.ForgetSets)
            output.WriteLine($"{Shown.Of(folder)}: the forget set is destroyed as a whole. Write it again if it is "
                + "needed still: aval impact --since N --model M --forget-set FOLDER");
        if (outcome.Scan.Files > 0)
            output.WriteLine($"Searched: {outcome.Scan.Files} files; "
                + (outcome.Scan.Left.Count == 0 ? "nothing of what was erased was found." : "found in:"));
        Print(output, outcome.Scan.Left);
        if (outcome.Scan.InCases.Count > 0)
            output.WriteLine("Kept in cases, which no erasure reaches: whoever keeps one weighs whether it is needed "
                + "for a legal claim (GDPR Art. 17(3)(e)), and removes it otherwise. It is in:");
        Print(output, outcome.Scan.InCases);
        if (outcome.SharedTexts > 0)
            output.WriteLine($"{outcome.SharedTexts} texts stand in what somebody else published, too: they were not "
                + "searched for.");
        if (outcome.Returned > 0)
            output.WriteLine($"{outcome.Returned} erased accounts published or said something after their erasure: "
                + "these accounts are there, and were not searched for.");
        foreach (var (name, until) in outcome.Backups)
            output.WriteLine($"The backup \"{Shown.Of(name)}\" may hold it until {until.ToText()}.");
        RelearnedModels.Print(output, outcome.Models);
        foreach (var left in Left(outcome))
            output.WriteLine(left);
        if (!outcome.IsDry)
            output.WriteLine(outcome.IsComplete
                ? "Complete. Backups and copies that left this workspace are not reached: docs/erasure.md."
                : "Not complete.");
        if (!outcome.IsDry)
            output.WriteLine($"Run it again by {outcome.Next.ToText()} (erase-every): what is recorded until then is "
                + "carried out together.");
    }

    private static void PrintTaken(TextWriter output, ErasureOutcome outcome)
    {
        var reach = outcome.Reach;
        foreach (var share in reach.Shares)
            output.WriteLine(share.Order is { } order
                ? $"Ordered by {order}: {share.Items} items{Undecided(share)}."
                : $"Erasure {share.Choice} of {share.MadeAt.ToText()}: {share.Items} items.");
        if (!outcome.Destroyable.IsWhateverIsDue)
            output.WriteLine($"What people asked to be erased is preserved by "
                + $"{outcome.Destroyable.Preserving[0].Citation}, and stays due.");
        foreach (var contested in outcome.Destroyable.Contested)
            output.WriteLine($"Not carried out: {contested.Citation}. An order to preserve stands against it until an "
                + "officer resolves which gives way (aval order resolve).");
        output.WriteLine(outcome.IsDry
            ? $"Would be erased: {reach.Items} items, {outcome.Rows} versions of them in the content."
            : $"Erased: {reach.Items} items, {outcome.Rows} versions of them in the content.");
        if (reach.Persons.Accounts > 0)
            output.WriteLine($"{(outcome.IsDry ? "Would go" : "Gone")} with everything: {reach.Persons.Accounts} "
                + "accounts with their rows, notices and choices"
                + (outcome.IsDry ? "." : $" ({outcome.Forgotten} choices were forgotten)."));
        if (reach.Persons.Changes > 0)
            output.WriteLine($"{reach.Persons.Changes} items of others "
                + (outcome.IsDry ? "name them or answer them: that would be" : "named them or answered them: that is")
                + " masked or taken out.");
        if (outcome.Copies > 0)
            output.WriteLine($"{outcome.Copies} items of others say what was erased: they are remembered as its "
                + "copies. A copy that arrives later is not recognised.");
    }

    private static string Undecided(ErasureShare share) => share.Undecided == 0
        ? ""
        : $"; of {share.Undecided} more it is not known whether it covers them (when they were written, or where their "
            + "author lives): they stay in the content, and enter no release";

    private static void PrintReleases(TextWriter output, IReadOnlyList<ErasedRelease> releases)
    {
        foreach (var release in releases)
        {
            output.WriteLine(release.Successor is { } successor
                ? $"{release.Release} had {release.Rows} of their rows: it is superseded by {successor}, and its rows "
                    + "are destroyed."
                : $"{release.Release} had {release.Rows} of their rows, which are destroyed with all others of it; no "
                    + $"release takes its place: {release.Why}.");
            foreach (var export in release.Exports)
                output.WriteLine($"  {export.Export} ({export.Folder}"
                    + (export.Recipient is { } recipient ? $", for {recipient}" : "") + "): "
                    + (export.IsDestroyed
                        ? "it is destroyed as a whole."
                        : "it is not here any more; whoever has it is told by: aval impact --notices."));
        }
    }

    private static IEnumerable<string> Left(ErasureOutcome outcome)
    {
        var reach = outcome.Reach;
        if (reach.Quarantined > 0)
            yield return $"{reach.Quarantined} items are restricted (GDPR Art. 18): they stay out of every release, "
                + "and are not destroyed until the restriction is lifted.";
        if (reach.Persons.Kept > 0)
            yield return $"{reach.Persons.Kept} accounts are kept as they are, with their rows, notices and choices, "
                + "since something of theirs is restricted (GDPR Art. 18): run aval erase again when that is lifted.";
        if (reach.AboutMe > 0)
            yield return $"{reach.AboutMe} erasures ask for what others write about somebody (about-me). Releases mask "
                + "it; nothing of it was erased from the content, which stays as those others wrote it.";
        if (reach.Placed > 0)
        {
            yield return $"{reach.Placed} items lie in content that was left in place, which is not ours to rewrite:";
            foreach (var file in reach.PlacedFiles)
                yield return $"  {file.Path}: {file.Rows} rows";
        }

        foreach (var file in reach.Persons.PlacedFiles)
            yield return $"{file.Path}: {file.Rows} rows of erased persons, or that name them, lie in content that was "
                + "left in place, which is not ours to rewrite.";
        if (reach.Placed + reach.Persons.PlacedFiles.Count > 0)
            yield return "Its owner writes each of these files again without them, and says so: aval import table "
                + "--in-place --replace OLD NEW";
        foreach (var release in outcome.Releases.Where(release => release.LosesCopies))
            yield return $"{release.Successor}: its policy leaves out copies of excluded items. Copies of what was "
                + "erased that were there by now stay out; one that arrives later is not recognised.";
        if (outcome.Waiting.Count > 0)
            yield return $"{outcome.Waiting.Count} files that were replaced are being read and still hold what was "
                + "erased: run aval erase again when nothing is built.";
        foreach (var corpus in outcome.Building)
            yield return $"The corpus {corpus} is being built: run aval erase again when that is over.";
        if (outcome.AreModelsBeingMade)
            yield return "Reference models are being made. These, and the files of those that others replaced, may "
                + "have what was erased: run aval erase again when that is over.";
        foreach (var release in outcome.Pending)
            yield return outcome.IsDry
                ? $"{release} holds rows of them: it would be made again."
                : $"{release} holds rows of them still.";
    }

    private static void Write(Utf8JsonWriter json, ErasureOutcome outcome)
    {
        var reach = outcome.Reach;
        json.WriteStartObject();
        json.WriteBoolean("complete", outcome.IsComplete);
        json.WriteBoolean("dry_run", outcome.IsDry);
        Waiting(json, outcome.Clock);
        json.WriteStartArray("erasures");
        foreach (var share in reach.Shares)
        {
            json.WriteStartObject();
            json.WriteNumber("choice", share.Choice.Value);
            json.WriteString("made_at", share.MadeAt.ToText());
            json.WriteNumber("items", share.Items);
            if (share.Order is { } order)
            {
                json.WriteString("order", order);
                json.WriteNumber("undecided", share.Undecided);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        Orders(json, "preserved_by", outcome.Destroyable.Preserving);
        Orders(json, "not_carried_out", outcome.Destroyable.Contested);
        json.WriteNumber("items", reach.Items);
        json.WriteNumber("versions", outcome.Rows);
        json.WriteNumber("quarantined", reach.Quarantined);
        json.WriteNumber("left_in_place", reach.Placed);
        Rows(json, "in_place_files", reach.PlacedFiles);
        json.WriteNumber("accounts", reach.Persons.Accounts);
        json.WriteNumber("kept_accounts", reach.Persons.Kept);
        json.WriteNumber("about_me", reach.AboutMe);
        json.WriteNumber("changed_items", reach.Persons.Changes);
        Rows(json, "persons_in_place", reach.Persons.PlacedFiles);
        json.WriteNumber("remembered_copies", outcome.Copies);
        json.WriteNumber("forgotten_choices", outcome.Forgotten);
        json.WriteNumber("returned_accounts", outcome.Returned);
        Texts(json, "being_read", outcome.Waiting);
        Texts(json, "building", outcome.Building);
        Texts(json, "pending", outcome.Pending);
        WriteReleases(json, outcome.Releases);
        Texts(json, "forget_sets", outcome.ForgetSets);
        RelearnedModels.Write(json, outcome.Models);
        if (!outcome.IsDry)
            json.WriteBoolean("models_being_made", outcome.AreModelsBeingMade);
        Scan(json, outcome.Scan);
        json.WriteStartArray("backups");
        foreach (var (name, until) in outcome.Backups)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("until", until.ToText());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (!outcome.IsDry)
            json.WriteString("again_by", outcome.Next.ToText());
        json.WriteNumber("shared_texts", outcome.SharedTexts);
        json.WriteEndObject();
    }

    private static void WriteReleases(Utf8JsonWriter json, IReadOnlyList<ErasedRelease> releases)
    {
        json.WriteStartArray("releases");
        foreach (var release in releases)
        {
            json.WriteStartObject();
            json.WriteString("release", release.Release);
            json.WriteNumber("rows", release.Rows);
            if (release.Successor is { } successor)
                json.WriteString("superseded_by", successor);
            if (release.Why is { } why)
                json.WriteString("why_none", why);
            json.WriteBoolean("loses_copies", release.LosesCopies);
            json.WriteStartArray("exports");
            foreach (var export in release.Exports)
            {
                json.WriteStartObject();
                json.WriteString("export", export.Export);
                json.WriteString("folder", export.Folder);
                if (export.Recipient is { } recipient)
                    json.WriteString("recipient", recipient);
                json.WriteBoolean("destroyed", export.IsDestroyed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Rows(Utf8JsonWriter json, string name, IReadOnlyList<PlacedRows> files)
    {
        json.WriteStartArray(name);
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("rows", file.Rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Print(TextWriter output, IReadOnlyList<ScanHit> hits)
    {
        foreach (var hit in hits)
            output.WriteLine($"  {hit.Path}: {hit.What}, {hit.Count} times");
    }

    internal static void Scan(Utf8JsonWriter json, ScanOutcome scan)
    {
        json.WriteNumber("files_searched", scan.Files);
        Scan(json, "found", scan.Left);
        Scan(json, "found_in_cases", scan.InCases);
    }

    private static void Scan(Utf8JsonWriter json, string name, IReadOnlyList<ScanHit> hits)
    {
        json.WriteStartArray(name);
        foreach (var hit in hits)
        {
            json.WriteStartObject();
            json.WriteString("path", hit.Path);
            json.WriteString("what", hit.What);
            json.WriteNumber("count", hit.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Waiting(Utf8JsonWriter json, ErasureClock clock)
    {
        json.WriteStartArray("waiting");
        foreach (var one in clock.Waiting)
        {
            json.WriteStartObject();
            json.WriteNumber("choice", one.Choice.Value);
            json.WriteString("received_at", one.ReceivedAt.ToText());
            json.WriteString("due", one.Due.ToText());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("ordered");
        foreach (var one in clock.Ordered)
        {
            json.WriteStartObject();
            json.WriteNumber("order", one.Order.Index.Value);
            json.WriteString("since", one.Since.ToText());
            json.WriteString("due", one.Due.ToText());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (clock.Next is { } next)
            json.WriteString("carried_out_from", next.ToText());
    }

    /// <summary>Tells whoever runs anything here which erasures are overdue.</summary>
    internal static void Warn(Terminal terminal, Workspace workspace)
    {
        if (ErasureClock.Read(workspace).Warning(terminal.Clock.UtcNow()) is { } overdue)
            terminal.Error.WriteLine(overdue);
    }

    /// <summary>The same for whoever has another answer to give: what cannot be read is told beside it.</summary>
    internal static void WarnAnyhow(Terminal terminal, Workspace workspace)
    {
        try
        {
            Warn(terminal, workspace);
        }
        catch (AvalException unreadable)
        {
            terminal.Error.WriteLine($"Nobody can tell which erasures are overdue: {unreadable.Message}");
        }
    }

    private static void Orders(Utf8JsonWriter json, string name, IReadOnlyList<ServedOrder> orders)
    {
        json.WriteStartArray(name);
        foreach (var order in orders)
            json.WriteNumberValue(order.Index.Value);
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
