namespace Aval.Content;

/// <summary>
/// Content that was brought in under one form of ids is not read under another: who was <c>Kim</c> to the import and is
/// <c>kim</c> to a choice would be two people.
/// </summary>
internal static class ImportForms
{
    /// <summary>Holds the forms of imports against those of aval.yaml.</summary>
    /// <exception cref="AvalException">Bad input: aval.yaml states others than an import was made under.</exception>
    public static void Require(Workspace workspace, IEnumerable<ImportRecord> records)
    {
        var stated = workspace.Settings.Services.ToString();
        if (records.FirstOrDefault(record => record.Services != stated) is not { } other)
            return;
        var under =
            other.Services is { } services ? $"under another form ({services})" : "under none, by an older version";
        throw AvalException.BadInput($"{Path.Combine(workspace.Root, Workspace.FileName)}: services says how ids are "
            + $"written ({stated}), but the import {other.ImportId} was made {under}, so that one account could have "
            + "two names. Nothing was done. Put services back as it was, or import the content into a new workspace.");
    }
}
