using System.Text.RegularExpressions;
using Aval.Storage;

namespace Aval.Portal.Webhooks;

/// <summary>What a webhook tells of.</summary>
internal enum WebhookEvent
{
    /// <summary>Choices were recorded.</summary>
    ChoicesRecorded,

    /// <summary>A recall made a release that takes the place of others.</summary>
    RecallDone,

    /// <summary>A request is to be answered within a week.</summary>
    RequestDue,
}

/// <summary>How events are written.</summary>
internal static class WebhookEvents
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<WebhookEvent>().Select(ToText)];

    /// <summary>How it is written.</summary>
    public static string ToText(this WebhookEvent told) => told switch
    {
        WebhookEvent.ChoicesRecorded => "choices.recorded",
        WebhookEvent.RecallDone => "recall.done",
        WebhookEvent.RequestDue => "request.due",
    };

    /// <summary>Reads it.</summary>
    public static bool TryParse(string text, out WebhookEvent told)
    {
        told = Enum.GetValues<WebhookEvent>().FirstOrDefault(known => known.ToText() == text);
        return told.ToText() == text;
    }
}

/// <summary>A system that is told what happens.</summary>
/// <param name="Name">Its name: how far it was told lies in a file of that name.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Secret">What messages to it are signed with.</param>
/// <param name="Events">Of what it is told.</param>
internal sealed partial record WebhookSettings(string Name, Uri Url, byte[] Secret, IReadOnlySet<WebhookEvent> Events)
{
    private const string Has = "a webhook has name, url, secret-file and events";

    // Standard Webhooks: 24 to 64 bytes in base64 behind this prefix.
    private const string Prefix = "whsec_";

    /// <summary>Reads one of portal.yaml's.</summary>
    /// <param name="workspace">Where the file of its secret lies.</param>
    /// <param name="value">What is written.</param>
    /// <exception cref="AvalException">Bad input: with line and column, or the file with its secret.</exception>
    public static WebhookSettings Read(Workspace workspace, SettingsNode value)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(value);
        string? name = null, secret = null;
        Uri? url = null;
        IReadOnlySet<WebhookEvent>? events = null;
        foreach (var (member, at, said) in value.Members(Has))
        {
            switch (member)
            {
                case "name" when NameForm().IsMatch(said.Text("its name")):
                    name = said.Scalar;
                    break;
                case "name":
                    throw said.Wrong("a webhook's name has up to 64 letters a–z, digits and hyphens");
                case "url":
                    url = Uri.TryCreate(said.Text("where it listens"), UriKind.Absolute, out var read)
                        && (read.Scheme == Uri.UriSchemeHttps || read.Scheme == Uri.UriSchemeHttp)
                        && read.UserInfo.Length == 0 && read.Fragment.Length == 0
                            ? read
                            : throw said.Wrong("url is https://HOST/PATH without a name or password in it");
                    break;
                case "secret-file":
                    secret = Path.Combine(workspace.Root, said.Text("the file with its secret"));
                    break;
                case "events":
                    events = said.Items("events is a list").Select(ReadEvent).ToHashSet();
                    break;
                default:
                    throw at.Wrong($"the key \"{Shown.Of(member)}\" is unknown; {Has}");
            }
        }

        return name is not null && url is not null && secret is not null && events is { Count: > 0 }
            ? new WebhookSettings(name, url, ReadSecret(secret), events)
            : throw value.Wrong(Has);
    }

    private static WebhookEvent ReadEvent(SettingsNode value) =>
        WebhookEvents.TryParse(value.Text("an event"), out var told)
            ? told
            : throw value.Wrong($"an event is one of {string.Join(", ", WebhookEvents.All)}");

    private static byte[] ReadSecret(string path)
    {
        if (!File.Exists(path))
            throw AvalException.BadInput($"{path}: the secret of a webhook is missing. Nothing was started. Write "
                + $"{Prefix} and 24 to 64 random bytes in base64, for example with: "
                + $"(umask 077; echo {Prefix}$(head -c 32 /dev/urandom | base64) > {path})");
        FileModes.RequirePrivateKey(path);
        var text = File.ReadAllText(path).Trim();
        var bytes = new byte[64];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length >= 24
                ? bytes[..length]
                // Without what the file holds: it is a secret.
                : throw AvalException.BadInput($"{path}: a webhook's secret is {Prefix} and 24 to 64 bytes in base64. "
                    + "Nothing was started.");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}\\z")]
    private static partial Regex NameForm();
}
