namespace Aval.Proofs;

/// <summary>
/// What proofs show about an account, under the spelling that was given and the one that the release's forms make of
/// it. The forms stand in the manifest, which the operator writes: with a form of its own choosing it could show
/// <c>threads:kim</c> to be absent while <c>threads:Kim</c> is listed.
/// </summary>
/// <param name="Verdict">Present, when it is under either spelling.</param>
/// <param name="Spelling">The one that was shown.</param>
/// <param name="Unshown">The one that no proof is about; null = there is none, or presence is shown anyway.</param>
public sealed record SpelledVerdict(AuthorVerdict Verdict, string Spelling, string? Unshown)
{
    /// <summary>Verifies proofs about an account.</summary>
    /// <param name="release">The release.</param>
    /// <param name="account">About whom, <c>service:id</c>, as it was spelled.</param>
    /// <param name="proofs">One, or one for each spelling, each with the key that must have signed it.</param>
    /// <exception cref="ProofException">One of them shows nothing about the account.</exception>
    public static SpelledVerdict Of(
        ManifestFacts release, string account, IReadOnlyList<(AuthorProof Proof, VerifierKey Key)> proofs)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(proofs);
        var formed = release.Services.Account(account).Value;
        string[] spellings = formed is null || formed == account ? [account] : [formed, account];
        var shown = proofs.Select(one => Shown(release.Authors, spellings, one.Proof, one.Key)).ToArray();
        var told = shown.OrderByDescending(one => one.Verdict).FirstOrDefault();
        if (told.Spelling is null)
            throw ProofException.Malformed("No proof was given.");
        return new SpelledVerdict(told.Verdict, told.Spelling, told.Verdict == AuthorVerdict.Present
            ? null
            : spellings.Except(shown.Select(one => one.Spelling)).FirstOrDefault());
    }

    /// <summary>An absence that is not decided, in a sentence; empty = it is.</summary>
    public string Open => Unshown is null
        ? ""
        : $"What was shown absent is {Spelling}; that {Unshown} is absent, the same account in another spelling, is "
            + "not shown: it takes a proof about that one too.";

    // A proof is about one spelling, and names none.
    private static (AuthorVerdict Verdict, string Spelling) Shown(
        AuthorTree authors, string[] spellings, AuthorProof proof, VerifierKey key)
    {
        ProofException? refused = null;
        foreach (var spelling in spellings)
        {
            try
            {
                return (proof.Verify(authors, spelling, key), spelling);
            }
            catch (ProofException wrong)
            {
                refused ??= wrong;
            }
        }

        throw refused!;
    }
}
