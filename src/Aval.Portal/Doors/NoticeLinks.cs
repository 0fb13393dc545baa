using Aval.Storage;

namespace Aval.Portal.Doors;

/// <summary>Whom a link in an information notice is for, and in which version of the notice it stood.</summary>
internal sealed record NoticeLink(string Version, Account Account);

/// <summary>
/// The links in information notices: <c>URL/n/LETTERS</c>. A link does not show whom it is for, lives as long as its
/// version of the notice, and opens the door to protective choices of that account alone: who finds a list of them can
/// keep people's data out of training, and can read nothing.
/// </summary>
internal sealed class NoticeLinks : IDisposable
{
    private readonly SealedText _sealed;

    private readonly ServiceForms _forms;

    /// <summary>The links of a workspace.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="forms">The forms of its services: a link that was mailed before an id had one is for whoever has
    /// it now.</param>
    public NoticeLinks(WorkspaceKey key, ServiceForms forms) =>
        (_sealed, _forms) = (new SealedText(key, "aval/notice-link/v1"), forms);

    /// <summary>The letters of a link.</summary>
    /// <param name="version">The notice's version; it holds no zero byte.</param>
    /// <param name="account">Whom it is for.</param>
    public string Make(string version, Account account) => _sealed.Seal($"{version}\0{account}");

    /// <summary>Reads the letters of a link; null = nobody here made it.</summary>
    public NoticeLink? Read(string letters) =>
        _sealed.Open(letters)?.Split('\0') is [var version, var account]
        && Account.TryParse(account, _forms, out var whose, out _)
            ? new NoticeLink(version, whose)
            : null;

    /// <inheritdoc/>
    public void Dispose() => _sealed.Dispose();
}
