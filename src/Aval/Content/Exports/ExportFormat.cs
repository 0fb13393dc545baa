namespace Aval.Content.Exports;

/// <summary>
/// A platform's export, as functions: which files are read, whose it is, and what they say.
/// </summary>
/// <param name="Service">The service, which is also the format's name.</param>
/// <param name="Title">The platform's name, for people.</param>
/// <param name="Roots">The top folders that the platform makes.</param>
/// <param name="Reads">Whether a path is one whose entries are read.</param>
/// <param name="IsProfile">Whether a path is the profile.</param>
/// <param name="OwnerIn">What one profile says.</param>
/// <param name="Items">The items, in an order that depends on the export alone.</param>
internal sealed record ExportFormat(
    string Service,
    string Title,
    IReadOnlySet<string> Roots,
    Func<string, bool> Reads,
    Func<string, bool> IsProfile,
    Func<ExportFile, ExportLimits, ExportOwner> OwnerIn,
    Func<ExportReading, ExportFiles, ExportLimits, IEnumerable<ItemRow>> Items)
{
    private static readonly string[] PicturesAndSound = [
        "", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".mp4", ".mov", ".m4v", ".avi", ".webm", ".3gp", ".mkv",
        ".mp3", ".m4a", ".aac", ".wav", ".ogg", ".opus", ".srt", ".vtt",
    ];

    /// <summary>Reads one export; its items stream when they are enumerated.</summary>
    /// <param name="paths">All parts of one export: zips and unpacked folders.</param>
    /// <param name="options">What is stated about it.</param>
    /// <param name="others">The other formats, to say so when this is one of theirs.</param>
    /// <exception cref="AvalException">Usage or bad input; nothing was imported.</exception>
    public IncomingExport Read(
        IReadOnlyList<string> paths, ExportOptions options, params ReadOnlySpan<ExportFormat> others)
    {
        if (options.Account is { } stated && stated.Service != Service)
            throw AvalException.Usage($"--account must be an account of {Service} ({Service}:ID), but \"{stated}\" was "
                + "found. Nothing was imported.");
        using var files = ExportFiles.Open(paths, Roots, options.Limits);
        Recognise(files, paths, others);
        var given = ExportFiles.Given(paths, files.All.Where(file => Reads(file.Path) || IsProfile(file.Path)));
        var owner = ExportOwner.One([.. files.All.Where(file => file.Length > 0 && IsProfile(file.Path))
            .Select(file => (file, OwnerIn(file, options.Limits).In(options.Services)))], options.Account);
        var last = new ExportReading(Service, owner, files, new Twins());
        return new IncomingExport(
            Service,
            options.Source ?? owner.Account?.ToString() ?? Service,
            owner.Account is null ? null : owner.Row,
            Stream(),
            given.Files,
            () => last.Rejects,
            () => last.LeftOut,
            given.RequireUnchanged)
        {
            Owner = owner.Account,
        };

        IEnumerable<ItemRow> Stream()
        {
            // Opened anew, because the items may be asked for long after, and more than once.
            using var opened = ExportFiles.Open(paths, Roots, options.Limits);
            // Twice: only at the end is it known what the second telling of an item adds to the first.
            var twins = new Twins();
            foreach (var _ in Items(new ExportReading(Service, owner, opened, twins), opened, options.Limits))
                continue;
            twins.Complete();
            last = new ExportReading(Service, owner, opened, twins);
            foreach (var item in Items(last, opened, options.Limits))
                yield return item;
            foreach (var file in opened.All)
                LeaveOut(file, last, options.Limits);
        }
    }

    /// <summary>
    /// The entries of a file's lists, or the one entry that a file is; and at its end what else it says, where it says
    /// anything: whoever reads the entries counts that.
    /// </summary>
    public static IEnumerable<Element> Entries(ExportFile file, bool repaired, ExportLimits limits)
    {
        using var stream = file.Open();
        foreach (var element in JsonElements.Read(stream, file.Name, repaired, limits))
        {
            if (!element.IsRest || IsEntry(element.Value))
            {
                yield return element with { IsRest = false };
                continue;
            }

            var (entries, rest) = Parted(element.Value);
            foreach (var entry in entries)
                yield return entry;
            if (rest is not ExportValue.Members { Named.Count: 0 })
                yield return element with { Value = rest };
        }
    }

    // What gives a name twice is no entry either, and has to be rejected as one; so has what holds something of an
    // entry and lacks its time.
    private static bool IsEntry(ExportValue value) => value is ExportValue.Doubled || Holds(value)
        || (HasAny(value, "timestamp", "creation_timestamp") && HasAny(value, "uri"));

    private static bool Holds(ExportValue value) =>
        Labelled.Is(value) || HasAny(value, "data", "media", "attachments", "label_values");

    private static bool HasAny(ExportValue value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (value is ExportValue.Members members && members.Named.ContainsKey(name))
                return true;
        }

        return false;
    }

    // Entries that stand one level deeper than in a list: 2018 in {"group_posts": {"activity_log_data": […]}}, and a
    // single one in the place of its list. The rest is without them.
    private static (List<Element> Entries, ExportValue Left) Parted(ExportValue value)
    {
        if (value is not ExportValue.Members file)
            return ([], value);
        const string nested = "activity_log_data";
        var entries = new List<Element>();
        var rest = new OrderedDictionary<string, ExportValue>(StringComparer.Ordinal);
        foreach (var (name, member) in file.Named)
        {
            if (Holds(member))
            {
                entries.Add(new Element(name, member, IsRest: false));
            }
            else if (member[nested] is ExportValue.List list)
            {
                entries.AddRange(list.Elements.Select(entry => new Element(name, entry, IsRest: false)));
                foreach (var (inner, beside) in ((ExportValue.Members)member).Named.Where(one => one.Key != nested))
                    rest[$"{name}.{inner}"] = beside;
            }
            else
            {
                rest[name] = member;
            }
        }

        return (entries, file with { Named = rest });
    }

    private void Recognise(ExportFiles files, IReadOnlyList<string> paths, ReadOnlySpan<ExportFormat> others)
    {
        var where = string.Join(", ", paths);
        if (files.All.Any(file => file.IsJson && (Reads(file.Path) || IsProfile(file.Path))))
            return;
        foreach (var other in others)
        {
            if (files.All.Any(file => file.IsJson && other.Reads(file.Path)))
                throw AvalException.BadInput($"{where}: expected an export of {Title}, but this is one of "
                    + $"{other.Title}. Nothing was imported. Use: aval import {other.Service} {where}");
        }

        if (files.All.Any(file => file.IsHtml) && !files.All.Any(file => file.IsJson))
            throw AvalException.BadInput(
                $"{where}: expected {Title}'s export in JSON, but this is the one in HTML, which a program cannot read "
                + $"reliably. Nothing was imported. Ask {Title} for the export again and choose the format JSON.");
        // A part of an export may hold nothing but messages or pictures.
        if (!files.All.Any(file => file.Path.IndexOf('/') is > 0 and var slash && Roots.Contains(file.Path[..slash])))
            throw AvalException.BadInput($"{where}: expected {Title}'s export in JSON, but no file of one was found. "
                + $"Nothing was imported. Give the zip that {Title} handed out, or the folder that it unpacks to.");
    }

    private void LeaveOut(ExportFile file, ExportReading reading, ExportLimits limits)
    {
        var shown = file with { Name = LeftOutKinds.ShownName(file) };
        if (file.FileName.Equals("no-data.txt", StringComparison.OrdinalIgnoreCase))
        {
            reading.LeaveOut("category without data", shown);
        }
        else if (file.Length == 0)
        {
            reading.LeaveOut("empty file", shown);
        }
        else if (file.IsJson && !Reads(file.Path) && !IsProfile(file.Path))
        {
            var what = LeftOutKinds.NameOf(file.Path);
            using var stream = file.Open();
            reading.LeaveOut(what, shown, JsonElements.Count(
                stream, file.Name,
                what == "messages" && file.FileName.StartsWith("message_", StringComparison.Ordinal) ? "messages" : "",
                limits));
        }
        else if (file.IsHtml)
        {
            reading.LeaveOut("page for a browser", shown);
        }
        else if (!file.IsJson && !PicturesAndSound.Contains(Path.GetExtension(file.FileName).ToLowerInvariant()))
        {
            reading.LeaveOut("other file", shown);
        }
    }
}
