using YamlDotNet.Core;

namespace Aval.Policies;

/// <summary>What is wrong with a policy file, collected: a lawyer who mends one line wants to know of the others too.</summary>
internal sealed class PolicyProblems(string file)
{
    private readonly List<(long Line, long Column, string Message)> _found = [];

    public void Add(Mark at, string message) => _found.Add((at.Line, at.Column, message));

    /// <exception cref="AvalException">Bad input: all problems, in the order of the file.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count == 0)
            return;
        var lines = _found.Distinct().OrderBy(problem => (problem.Line, problem.Column)).Select(problem => $"{file}, line {problem.Line}, column {problem.Column}: {problem.Message}.");
        throw AvalException.BadInput(string.Join('\n', lines) + "\nNothing was done. Correct the file and run the command again.");
    }
}
