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
    string Sha256);

/// <summary>One rule of a policy.</summary>
/// <param name="Id">Its kebab-case name: what accounting and cards print.</param>
/// <param name="Law">The article and source it rests on; null when the policy does not say.</param>
public abstract record Rule(string Id, string? Law)
{
    /// <summary>A rule that is switched off, with the reason that the card prints.</summary>
    public sealed record Off(string Id, string? Law, string Because) : Rule(Id, Law);

    /// <summary>GDPR Art. 17.</summary>
    public sealed record Erasure(string? Law) : Rule("erasure", Law);

    /// <summary>GDPR Art. 18.</summary>
    public sealed record Restriction(string? Law) : Rule("restriction", Law);

    /// <summary>GDPR Art. 21.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="ForwardFrom">When set, an objection made at or after this instant excludes only what was written at or after it (what was announced for May 2025). When null, objections reach past and future alike.</param>
    public sealed record Objection(string? Law, DateTimeOffset? ForwardFrom) : Rule("objection", Law);

    /// <summary>GDPR Art. 7(3): withdrawals and refusals.</summary>
    public sealed record Withdrawal(string? Law) : Rule("withdrawal", Law);

    /// <summary>GDPR Art. 6(1)(a), 7: only what its author consents to.</summary>
    public sealed record Consent(string? Law) : Rule("consent", Law);

    /// <summary>GDPR Art. 9, 17: anyone, about one item.</summary>
    public sealed record Removal(string? Law) : Rule("removal", Law);

    /// <summary>Which services a corpus may hold.</summary>
    public sealed record Services(string? Law, IReadOnlyList<string> Admit) : Rule("services", Law);

    /// <summary>Which kinds of items.</summary>
    public sealed record Kinds(string? Law, IReadOnlyList<string> Admit) : Rule("kinds", Law);

    /// <summary>Which audiences; never <c>unknown</c>.</summary>
    public sealed record Audience(string? Law, IReadOnlyList<string> Admit) : Rule("audience", Law);

    /// <summary>Adults only.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="AtLeast">Years, 1–120.</param>
    /// <param name="WhenWritten">The author was an adult when the item was written.</param>
    /// <param name="AtBuild">The author is an adult as of the build.</param>
    public sealed record Age(string? Law, int AtLeast, bool WhenWritten, bool AtBuild) : Rule("age", Law);

    /// <summary>An information notice was delivered (GDPR Art. 13(3), 21(4)).</summary>
    public sealed record Informed(string? Law) : Rule("informed", Law);

    /// <summary>Days since the first delivery of a notice (EDPB 28/2024 §102a).</summary>
    public sealed record WaitingPeriod(string? Law, int Days) : Rule("waiting-period", Law);

    /// <summary>DMA Art. 5(2)(b).</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Reading"><see cref="CombineReading"/>.</param>
    /// <param name="Primary">Under <see cref="CombineReading.Strict"/>: the one service that needs no consent to combination.</param>
    public sealed record CombineServices(string? Law, CombineReading Reading, string? Primary) : Rule("combine-services", Law);

    /// <summary>What a corpus is about, by the author's residence; it never lowers a protection.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Admit">ISO 3166 alpha-2 codes; the groups EU and EEA are already written out.</param>
    public sealed record Residence(string? Law, IReadOnlyList<string> Admit) : Rule("residence", Law);

    /// <summary>Only what became public at or after an instant (a cut-off by reasonable expectation).</summary>
    public sealed record PublicSince(string? Law, DateTimeOffset From) : Rule("public-since", Law);
}

/// <summary>How DMA Art. 5(2)(b) is read.</summary>
public enum CombineReading
{
    /// <summary>No mixing of services without the account's consent to combination.</summary>
    Strict,

    /// <summary>Mixing is allowed, since nothing in a release links one person's accounts (OLG Köln 15 UKl 2/25).</summary>
    SamePerson,
}
