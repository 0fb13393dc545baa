namespace Aval;

/// <summary>What the process answers (contract: docs/design.md, "Spelling").</summary>
public enum ExitCode
{
    /// <summary>Yes, or done.</summary>
    Done = 0,

    /// <summary>Verified: no.</summary>
    No = 1,

    /// <summary>The command line was not understood.</summary>
    Usage = 2,

    /// <summary>The input is bad, or the disk refuses; nothing was done.</summary>
    BadInput = 3,

    /// <summary>Refused by the policy or by a gate.</summary>
    Refused = 4,

    /// <summary>Somebody else holds what this command needs.</summary>
    Busy = 5,

    /// <summary>A bug in Aval.</summary>
    Bug = 70,
}

/// <summary>
/// The world is wrong: a file, a configuration, a request. The message says where, what was expected, what was found,
/// what has and has not happened, and what to do. The command line prints it without a stack.
/// </summary>
internal class AvalException(ExitCode exit, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The documented code with which the process ends.</summary>
    public ExitCode Exit { get; } = exit;

    /// <summary>Bad input; nothing was done.</summary>
    public static AvalException BadInput(string message, Exception? inner = null) =>
        new(ExitCode.BadInput, message, inner);

    /// <summary>Refused by a policy or a gate.</summary>
    public static AvalException Refused(string message) => new(ExitCode.Refused, message);

    /// <summary>Somebody else holds what is needed.</summary>
    public static AvalException Busy(string message) => new(ExitCode.Busy, message);

    /// <summary>The command line asks for something that does not exist or does not fit together.</summary>
    public static AvalException Usage(string message) => new(ExitCode.Usage, message);
}
