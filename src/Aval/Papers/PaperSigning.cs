using System.Globalization;
using System.Text.Json;
using Aval.Documents;
using Aval.Policies;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Papers;

/// <summary>
/// Signs an assessment for a policy: what a policy with the rule <c>assessment</c> asks for. Only one whose figures
/// hold and in which no blank is left: a signature under a form says nothing.
/// </summary>
internal static class PaperSigning
{
    /// <summary>Signs it.</summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="path">The paper, with its list of figures beside it.</param>
    /// <param name="policy">What it is about.</param>
    /// <param name="by">Who signs.</param>
    /// <param name="now">The clock's instant.</param>
    /// <param name="limits">How much of the machine the check may use.</param>
    /// <returns>Its entry, what was entered, and how many of its figures were held.</returns>
    /// <exception cref="AvalException">Usage: it is no assessment. No: a figure is contradicted. Refused: blanks are
    /// left, or no figure is.</exception>
    public static (EntryIndex Index, PaperSigned Signed, PaperCheck Check) Sign(
        Workspace workspace, string path, Policy policy, string by, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(policy);
        // What is looked at is what is signed: if the file changes meanwhile, the hash is of what it was.
        var bytes = File.ReadAllBytes(path);
        var (paper, language) = KindOf(path);
        var check = PaperCheck.Of(workspace, path, limits);
        if (check.Contradictions is [var wrong, ..])
            throw new AvalException(ExitCode.No, $"{path}: figure {wrong.Figure} says \"{Shown.Of(wrong.Says)}\", and "
                + $"{wrong.Source} says \"{Shown.Of(wrong.Found ?? "nothing")}\". Nothing was signed. See all of them "
                + $"with: aval papers check {path}");
        // A program that drops the marks leaves all numbers, and none of them is held against anything.
        if (check.Removed.Count == check.Figures)
            throw AvalException.Refused(string.Create(CultureInfo.InvariantCulture, $"{path}: none of its "
                + $"{check.Figures} figures is marked in it any more, so that none was held against its source. "
                + $"Nothing was signed. Make the paper again, and complete it in a program that keeps bookmarks."));
        var blank = DocumentText.Of(language).Blank.Split('{')[0].Trim();
        if (DocumentFigures.TextOf(path).Contains(blank, StringComparison.Ordinal))
            throw AvalException.Refused($"{path}: there are blanks in it (\"{blank} …\"). Nothing was signed. Complete "
                + "them, or take their sentences out.");
        var hash = Hash.Of(bytes).ToHex();
        if (!HashedFile.Is(path, hash))
            throw AvalException.Busy($"{path}: somebody changed the file meanwhile. Nothing was signed. Sign it "
                + "again.");
        var signed = new PaperSigned(now, $"officer {by}", paper, hash, policy.Name, policy.Sha256);
        return (Recorder.EnterOnce(workspace, signed.Seal()).Entries.First, signed, check);
    }

    /// <summary>The last signature under a file as it is now; null = there is none.</summary>
    public static (EntryIndex Index, PaperSigned Signed)? Under(Workspace workspace, string path) =>
        SignedPapers.Under(workspace, Hash.Of(File.ReadAllBytes(path)).ToHex());

    private static (string Paper, string Language) KindOf(string path)
    {
        var file = Paper.FiguresOf(path);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var kind = document.RootElement.GetProperty("paper").GetString();
            var paper = kind == PaperKind.Assessment.ToText() ? Rule.Assessment.Lia
                : kind == PaperKind.Impact.ToText() ? Rule.Assessment.Dpia
                : throw AvalException.Usage($"{path}: this is the paper \"{Shown.Of(kind ?? "")}\", and what is signed "
                    + "is an assessment: aval papers assessment, aval papers impact. Nothing was signed.");
            return (paper, document.RootElement.GetProperty("language").ToText());
        }
        catch (Exception broken) when (MalformedJson.Threw(broken) || broken is FileNotFoundException)
        {
            throw AvalException.BadInput($"{file}: expected the list of figures that aval papers wrote beside the "
                + $"paper, but {broken.Message} Nothing was signed. Keep both files together, or make the paper again.",
                broken);
        }
    }
}
