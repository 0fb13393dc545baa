namespace Aval.Content;

/// <summary>What a table holds.</summary>
internal enum ContentKind
{
    /// <summary>Pieces of content.</summary>
    Items,

    /// <summary>Who published them.</summary>
    Accounts,

    /// <summary>Information notices and their delivery.</summary>
    Notices,
}

/// <summary>How kinds of content are written.</summary>
internal static class ContentKinds
{
    /// <summary>The name: a folder below content/, and the value of <c>--as</c>.</summary>
    public static string ToText(this ContentKind kind) => kind switch
    {
        ContentKind.Items => "items",
        ContentKind.Accounts => "accounts",
        ContentKind.Notices => "notices",
    };

    /// <summary>Reads a kind's name; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string? text, out ContentKind kind)
    {
        foreach (var known in Enum.GetValues<ContentKind>())
        {
            if (known.ToText() == text)
            {
                kind = known;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
