using Aval.Choices;
using Aval.Ledger;
using Aval.People;

namespace Aval.Recording;

/// <summary>What a file of choices brought.</summary>
/// <param name="Sha256">Of the file as it lies, 64 hexadecimal digits.</param>
/// <param name="Entries">Where its choices stand in the ledger, in their order.</param>
/// <param name="ByKind">How many of each kind.</param>
/// <param name="Published">The checkpoint that covers them; null when there are none.</param>
/// <param name="PassedOver">How many rows the mapping called no choices.</param>
/// <param name="After">How many that do not say when they were said count as made later than the clock says
/// (<see cref="SaidNow"/>).</param>
internal sealed record ChoiceFileOutcome(
    string Sha256, EntryRange Entries, IReadOnlyDictionary<ChoiceKind, long> ByKind, PublishedCheckpoint? Published,
    long PassedOver = 0, long After = 0);

/// <summary>
/// Records a file of choices: all of them, or none. It is read twice, first to find everything that is wrong with it,
/// then to record it in one transaction; a file that changed in between is refused. No more than a line is held.
/// </summary>
internal static class ChoiceFile
{
    /// <summary>How many faults a message lists.</summary>
    public const int FaultsShown = 20;

    /// <summary>Records the choices of a CSV, JSON Lines or Parquet file.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="path">The file; its ending tells its format.</param>
    /// <param name="now">The clock's instant: when what does not say so was received.</param>
    /// <param name="watch">Is told what is being done and how much of it, 0–1.</param>
    /// <param name="fault">Is told every fault, in a sentence with its place, as it is found.</param>
    /// <param name="mapping">A YAML file that makes the columns of choices; null = the file has them.</param>
    /// <exception cref="AvalException">Bad input: the file, or a line of it, is wrong; the first
    /// <see cref="FaultsShown"/> faults are named. Busy: another process writes. Nothing was recorded.</exception>
    public static ChoiceFileOutcome Record(
        Workspace workspace, string path, DateTimeOffset now, Action<string, double>? watch = null,
        Action<string>? fault = null, string? mapping = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var rules = new ChoiceRules(workspace.Settings);
        var handles = HandlesOf(workspace, path, mapping, now);
        var (hash, passedOver) = Check(workspace, path, mapping, rules, now, handles, watch, fault);
        var byKind = new SortedDictionary<ChoiceKind, long>();
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        using var store = CommittedChoices.OpenStore(workspace);
        var (saidNow, after) = (SaidNow.InFile(workspace, store, now), 0L);
        Choice Said(ChoiceText text, Choice choice)
        {
            if (text.SaysWhen)
                return choice;
            var said = saidNow(choice);
            after += said.MadeAt > choice.MadeAt ? 1 : 0;
            return said;
        }

        var choices = Unchanged(workspace, path, mapping, hash, rules, now, handles, watch, byKind, Said);
        var entries = store.Append(choices.Select(Sealing.Seal));
        var published = entries.Count > 0
            ? Recorder.PublishRecorded(integrator, store, entries, done => watch?.Invoke("publishing", done))
            : null;
        return new ChoiceFileOutcome(hash, entries, byKind, published, passedOver, after);
    }

    // The handles of the whole file are looked up at once, when the first is met: most files have none.
    private static Func<Handles> HandlesOf(Workspace workspace, string path, string? mapping, DateTimeOffset now)
    {
        Handles? found = null;
        return () => found ??= Handles.Of(workspace, now, Written());

        IEnumerable<string> Written()
        {
            using var lines = ChoiceLines.Open(path, workspace.Temporary, mapping);
            foreach (var line in lines.Read())
            {
                if (line.Text?.Handle is { } handle)
                    yield return handle;
            }
        }
    }

    private static (string Hash, long PassedOver) Check(
        Workspace workspace, string path, string? mapping, ChoiceRules rules, DateTimeOffset now, Func<Handles> handles,
        Action<string, double>? watch, Action<string>? fault)
    {
        using var lines = ChoiceLines.Open(path, workspace.Temporary, mapping);
        var shown = new List<string>();
        var faults = new List<ChoiceFault>();
        long lineCount = 0;
        long faultCount = 0;
        foreach (var line in Watched(lines, "checking", watch))
        {
            foreach (var sentence in Faults(path, lines.Unit, line, rules, now, handles, faults))
            {
                fault?.Invoke(sentence);
                faultCount++;
                if (shown.Count < FaultsShown)
                    shown.Add(sentence);
            }

            lineCount += faults.Count > 0 || line.Broken is not null ? 1 : 0;
        }

        return faultCount == 0
            ? (lines.ReadHash(), lines.PassedOver)
            : throw AvalException.BadInput(Refusal(lines.Unit, shown, faultCount, lineCount));
    }

    private static IEnumerable<string> Faults(
        string path, string unit, ChoiceLine line, ChoiceRules rules, DateTimeOffset now, Func<Handles> handles,
        List<ChoiceFault> faults)
    {
        faults.Clear();
        var where = $"{path}, {unit} {line.Number}";
        if (line.Broken is { } broken)
            return [$"{where}: {broken}."];
        _ = line.Text!.Read(rules, now, faults, handles);
        return faults.Select(fault => $"{where}: {fault.Describe($"column \"{fault.Column}\"")}");
    }

    private static string Refusal(string unit, List<string> shown, long faults, long lines)
    {
        var message = string.Join('\n', shown);
        if (faults > shown.Count)
            message += $"\n… and {faults - shown.Count} more.";
        return $"{message}\nNo choice from this file was recorded. Correct the {unit}{(lines == 1 ? "" : "s")} and run "
            + "the import again.";
    }

    private static IEnumerable<Choice> Unchanged(
        Workspace workspace, string path, string? mapping, string hash, ChoiceRules rules, DateTimeOffset now,
        Func<Handles> handles,
        Action<string, double>? watch, SortedDictionary<ChoiceKind, long> byKind,
        Func<ChoiceText, Choice, Choice> said)
    {
        using var lines = ChoiceLines.Open(path, workspace.Temporary, mapping);
        var faults = new List<ChoiceFault>();
        foreach (var line in Watched(lines, "recording", watch))
        {
            if (line is not { Broken: null, Text: { } text }
                || text.Read(rules, now, faults, handles) is not { } choice)
                throw Changed(path);
            byKind[choice.Kind] = byKind.GetValueOrDefault(choice.Kind) + 1;
            yield return said(text, choice);
        }

        // Thrown inside the transaction, so nothing of the changed file stays.
        if (lines.ReadHash() != hash)
            throw Changed(path);
    }

    private static IEnumerable<ChoiceLine> Watched(IChoiceLines lines, string doing, Action<string, double>? watch)
    {
        const int often = 1 << 14;
        var count = 0;
        watch?.Invoke(doing, 0);
        foreach (var line in lines.Read())
        {
            if (++count % often == 0)
                watch?.Invoke(doing, lines.Done);
            yield return line;
        }
    }

    private static AvalException Changed(string path) =>
        AvalException.BadInput($"{path}: the file changed while it was read. No choice from this file was recorded. "
            + "Wait until it is written and run the import again.");
}
