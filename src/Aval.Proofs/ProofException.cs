namespace Aval.Proofs;

/// <summary>Why something was not verified.</summary>
public enum ProofFailure
{
    /// <summary>It is not in the format that it claims: nothing can be said about it.</summary>
    Malformed,

    /// <summary>It is well formed, and what it claims does not hold.</summary>
    Wrong,

    /// <summary>
    /// Two histories of one log, both signed: whatever else holds, the operator showed different ones to different
    /// people.
    /// </summary>
    Fork,
}

/// <summary>
/// What was to be verified was not. Verification answers by returning what it verified, or by throwing this: an answer
/// that nobody looks at can then never pass for a yes. The message names the first thing that is wrong, in one
/// sentence.
/// </summary>
public sealed class ProofException : Exception
{
    private ProofException(ProofFailure failure, string message, Exception? inner)
        : base(message, inner) => Failure = failure;

    /// <summary>Whether the thing cannot be read, or does not hold.</summary>
    public ProofFailure Failure { get; }

    /// <summary>Not in the format that it claims.</summary>
    public static ProofException Malformed(string message, Exception? inner = null) =>
        new(ProofFailure.Malformed, message, inner);

    /// <summary>Well formed, but it does not hold.</summary>
    public static ProofException Wrong(string message) => new(ProofFailure.Wrong, message, null);

    /// <summary>Two signed checkpoints contradict each other.</summary>
    public static ProofException Fork(string message) => new(ProofFailure.Fork, message, null);

    /// <summary>The same, found in a certain file or place.</summary>
    internal static ProofException In(string place, ProofException found) =>
        new(found.Failure, $"{place}: {found.Message}", found);
}
