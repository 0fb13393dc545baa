namespace Aval.Policies;

/// <summary>On what the processing rests (GDPR Art. 6(1)).</summary>
public enum LegalBasis
{
    /// <summary>Art. 6(1)(f).</summary>
    LegitimateInterest,

    /// <summary>Art. 6(1)(a).</summary>
    Consent,
}

/// <summary>
/// A legal regime as rules, each with its article. Read by the policy reader, which refuses what it does not
/// know; meant to be read by lawyers (<c>aval policy show</c>) and turned into predicates by the grounds.
/// </summary>
/// <param name="Name">Its stable name: the file's <c>policy:</c>.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Purpose">The purpose whose choices it honours.</param>
/// <param name="Basis">The legal basis.</param>
/// <param name="AppliesFrom">A build as of an earlier instant is refused.</param>
/// <param name="ReplayOnly">May be compared, never built or trained on.</param>
/// <param name="Sources">Where the regime is written down, for people.</param>
/// <param name="Rules">In their order: the first that excludes gives the reason.</param>
/// <param name="Text">The file, verbatim: it goes into the manifest.</param>
/// <param name="Sha256">SHA-256 over the file's bytes, 64 hexadecimal digits.</param>
public sealed record Policy(
    string Name,
    string Title,
    Purpose Purpose,
    LegalBasis Basis,
    DateTimeOffset AppliesFrom,
    bool ReplayOnly,
    IReadOnlyList<string> Sources,
    IReadOnlyList<Rule> Rules,
    string Text,
    string Sha256)
{
    /// <summary>The longest lag that a policy may allow, in days: what was asked for is done within a month
    /// (Art. 12(3)).</summary>
    public const int LongestLag = 30;

    /// <summary>
    /// For how long a run may go on with a release that does not honour what an author said since; zero = not at all.
    /// </summary>
    public TimeSpan MaxLag { get; init; }

    /// <summary>What orders keep out beside the rules: no part of the policy, and nothing that it could change.
    /// </summary>
    internal IReadOnlyList<OrderedOut> Ordered { get; init; } = [];
}
