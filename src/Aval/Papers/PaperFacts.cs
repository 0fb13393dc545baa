using System.Text.Json;
using Aval.Choices;
using Aval.Corpus;
using Aval.Recording;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Aval.Terms;

namespace Aval.Papers;

/// <summary>
/// What happened in a workspace, as numbers and names that papers cite: the file to open first in this room. It names
/// no person: people are counted, recipients are organisations. The same workspace, instant and ledger size give the
/// same facts, until somebody is forgotten.
/// </summary>
internal static class PaperFacts
{
    /// <summary>What this document is, and which version of its shape.</summary>
    public const string Format = "aval-facts/1";

    /// <summary>As a document.</summary>
    /// <param name="workspace">Of which workspace.</param>
    /// <param name="at">What was received, stated or withdrawn by then counts.</param>
    /// <param name="size">Entries with an index below it count; null = all there are.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Bad input: a release, its lineage or the register was changed.</exception>
    public static byte[] Of(Workspace workspace, DateTimeOffset at, TreeSize? size, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using var choices = CommittedChoices.Open(workspace);
        var below = size ?? choices.Store.Size;
        var releases = Releases(workspace, choices.Store, at, below);
        var register = Register.Read(workspace).Where(one => one.Index.Value < below.Value).ToArray();
        var objections = Objections.Find(workspace, releases, at, below, limits);
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("at", at.ToText());
            json.WriteNumber("ledger_size", below.Value);
            json.WriteString("controller", workspace.Settings.Controller);
            json.WriteString("ledger", workspace.Settings.Origin);
            json.WriteNumber("buckets", workspace.Settings.Buckets);
            Write(json, workspace.Settings);
            Write(json, choices.Store.Count(new EntryIndex(0), below), at);
            objections.WriteTo(json);
            Write(json, Asked(workspace, at, below), at);
            Write(json, releases, at);
            PaperRegister.Write(json, register);
            json.WriteEndObject();
        });
    }

    private static StatedRelease[] Releases(
        Workspace workspace, IChoiceStore store, DateTimeOffset at, TreeSize below) =>
    [
        .. StatedRelease.All(workspace)
            .Where(release => IndexOf(store, release) is { } index && index.Value < below.Value)
            .Select(release => release with
            {
                Withdrawn = release.Withdrawn is { } withdrawn && withdrawn.At <= at ? withdrawn : null,
            }),
    ];

    private static EntryIndex? IndexOf(IChoiceStore store, StatedRelease release) => store.Find(new LedgerEntry(
        EntryKind.Release, Hash.Of(File.ReadAllBytes(Path.Combine(release.Folder, Manifest.FileName)))));

    private static Request[] Asked(Workspace workspace, DateTimeOffset at, TreeSize below) =>
    [
        .. RequestBook.Read(workspace).Requests
            .Where(request => request.Index.Value < below.Value && request.ReceivedAt <= at)
            .Select(request => request with
            {
                Steps = [.. request.Steps.Where(step => step.Index.Value < below.Value)],
            }),
    ];

    private static void Write(Utf8JsonWriter json, Settings settings)
    {
        json.WriteStartObject("retention");
        foreach (var kind in Enum.GetValues<ChoiceKind>())
        {
            json.WriteStartObject(kind.ToText());
            if (settings.Retention.TryGetValue(kind, out var kept))
                json.WriteNumber(kept.InYears ? "years" : "days", kept.Count);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ChoiceCount> counts, DateTimeOffset at)
    {
        var until = DateOnly.FromDateTime(at.UtcDateTime);
        var counted = counts.Where(count => count.Day <= until).ToArray();
        json.WriteStartObject("choices");
        foreach (var kind in Enum.GetValues<ChoiceKind>())
            json.WriteNumber(kind.ToText(), counted.Where(count => count.Kind == kind).Sum(count => count.Count));
        json.WriteEndObject();
        json.WriteStartObject("objections_by_channel");
        foreach (var channel in counted.Where(count => count.Kind == ChoiceKind.Objection)
            .GroupBy(count => count.Channel ?? "").OrderBy(channel => channel.Key, StringComparer.Ordinal))
            json.WriteNumber(channel.Key, channel.Sum(count => count.Count));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Request[] requests, DateTimeOffset at)
    {
        json.WriteStartObject("requests");
        json.WriteNumber("received", requests.Length);
        json.WriteNumber("open", requests.Count(request => request.IsOpen));
        json.WriteNumber("closed", requests.Count(request => !request.IsOpen));
        json.WriteNumber("late", requests.Count(request => request.IsLate(at)));
        json.WriteNumber("extended", requests.Count(request => request.IsExtended));
        json.WriteStartObject("by_right");
        foreach (var right in requests.GroupBy(request => request.Right.ToText())
            .OrderBy(right => right.Key, StringComparer.Ordinal))
            json.WriteNumber(right.Key, right.Count());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StatedRelease[] releases, DateTimeOffset at)
    {
        json.WriteNumber("releases_made", releases.Length);
        json.WriteNumber("releases_usable", releases.Count(release =>
            release.Withdrawn is null && !IsDropped(release, at)));
        json.WriteNumber("releases_withdrawn", releases.Count(release => release.Withdrawn is not null));
        json.WriteNumber("releases_dropped", releases.Count(release => IsDropped(release, at)));
        json.WriteStartObject("releases");
        foreach (var release in releases)
        {
            json.WriteStartObject(release.Name);
            json.WriteString("policy", release.Manifest.PolicyName);
            json.WriteString("basis", release.Manifest.Basis);
            json.WriteString("as_of", release.Manifest.AsOf.ToText());
            json.WriteNumber("read", release.Manifest.ItemsRead);
            json.WriteNumber("rows", release.Manifest.Admitted);
            json.WriteNumber("choices_honoured", release.Manifest.Choices);
            json.WriteNumber("shard_bytes", release.Manifest.Files
                .Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal)).Sum(file => file.Bytes));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("policies");
        foreach (var policy in releases.Select(release => release.Manifest).GroupBy(one => one.PolicySha256)
            .OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var manifest = policy.First();
            json.WriteStartObject(policy.Key);
            json.WriteString("name", manifest.PolicyName);
            json.WriteString("purpose", manifest.Purpose);
            json.WriteString("basis", manifest.Basis);
            json.WriteNumber("releases", policy.Count());
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static bool IsDropped(StatedRelease release, DateTimeOffset at) =>
        release.Dropped is { } dropped && dropped.At <= at;
}
