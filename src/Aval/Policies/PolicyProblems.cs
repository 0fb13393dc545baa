using System.Globalization;

namespace Aval.Policies;

/// <summary>One thing that is wrong with a policy file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What was expected and what was found, without a full stop.</param>
internal sealed record PolicyProblem(long Line, long Column, string Message);

/// <summary>What reading a policy's text came to.</summary>
internal abstract record PolicyReading
{
    private PolicyReading()
    {
    }

    /// <summary>It is a policy.</summary>
    public sealed record Sound(Policy Policy) : PolicyReading;

    /// <summary>It is none.</summary>
    /// <param name="Where">The file's name.</param>
    /// <param name="Problems">All that is wrong, in the order of the file; at least one.</param>
    public sealed record Faulty(string Where, IReadOnlyList<PolicyProblem> Problems) : PolicyReading
    {
        // A file of a megabyte can be wrong a hundred thousand times over; nobody mends them from one screen.
        private const int MostTold = 100;

        /// <summary>All problems as one refusal.</summary>
        public AvalException ToException()
        {
            var lines = Problems.Take(MostTold)
                .Select(problem => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Where}, line {problem.Line}, column {problem.Column}: {problem.Message}."));
            var rest = Problems.Count > MostTold
                ? string.Create(CultureInfo.InvariantCulture, $"\n… and {Problems.Count - MostTold} more.")
                : "";
            return AvalException.BadInput(
                string.Join('\n', lines) + rest + "\nNothing was done. Correct the file and run the command again.");
        }
    }
}

/// <summary>Collects what is wrong: a lawyer who mends one line wants to know of the others too.</summary>
internal sealed class PolicyProblems
{
    private readonly HashSet<PolicyProblem> _found = [];

    public bool Any => _found.Count > 0;

    public void Add(Place at, string message) => _found.Add(new PolicyProblem(at.Line, at.Column, message));

    public PolicyReading.Faulty ToReading(string where) =>
        new(where, [.. _found.OrderBy(problem => (problem.Line, problem.Column))]);
}
