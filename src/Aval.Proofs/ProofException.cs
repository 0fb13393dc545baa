namespace Aval.Proofs;

/// <summary>Why something was not verified.</summary>
public enum ProofFailure
{
    /// <summary>It is not in the format that it claims: nothing can be said about it.</summary>
    Malformed,

    /// <summary>It is well formed, and what it claims does not hold.</summary>
    Wrong,
}

/// <summary>
/// What was to be verified was not. Verification answers by returning what it verified, or by throwing this: an answer
/// that nobody looks at can then never pass for a yes. The message names the first thing that is wrong, in one sentence.
/// </summary>
public sealed class ProofException : Exception
{
    private ProofException(ProofFailure failure, string message, Exception? inner)
        : base(message, inner) => Failure = failure;

    /// <summary>Whether the thing cannot be read, or does not hold.</summary>
    public ProofFailure Failure { get; }

    /// <summary>Not in the format that it claims.</summary>
    public static ProofException Malformed(string message, Exception? inner = null) => new(ProofFailure.Malformed, message, inner);

    /// <summary>Well formed, but it does not hold.</summary>
    public static ProofException Wrong(string message) => new(ProofFailure.Wrong, message, null);
}
