using System.Runtime.CompilerServices;
using Aval.Policies;

namespace Aval.Tests.Policies;

/// <summary>Texts of policies that tests read, sound ones and what is made of them.</summary>
internal static class PolicyTexts
{
    /// <summary>A policy that says no more than it must. Line 7 is its first rule.</summary>
    public const string Sound = Head + Tail;

    private const string Tail = """
          - {id: erasure, off: "this is a test"}
          - {id: restriction, off: "this is a test"}
          - {id: removal, off: "this is a test"}

        """;

    private const string Head = """
        policy: small
        title: A small policy
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: objection}
          - {id: informed}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}

        """;

    /// <summary>The five regimes that are shipped.</summary>
    public static readonly string[] Shipped = ["announced-2025", "cologne-2025", "opt-in", "opt-in-strict", "opt-out"];

    /// <summary>With the rule on special categories switched on.</summary>
    public static string Special(string keys) => Instead(
        "{id: special-categories, off: \"because this is a test\"}", $"{{id: special-categories, {keys}}}");

    /// <summary>The sound policy with one more rule, on line 12.</summary>
    public static string With(string rule) => $"{Head}  - {rule}\n{string.Concat(Tail.Split('\n')
        .Where(line => line.Length > 0 && !rule.Contains(line[4..line.IndexOf(',', StringComparison.Ordinal)],
            StringComparison.Ordinal))
        .Select(line => line + "\n"))}";

    /// <summary>The sound policy with one part of it written otherwise.</summary>
    public static string Instead(string old, string other) =>
        Sound.Contains(old, StringComparison.Ordinal)
            ? Sound.Replace(old, other, StringComparison.Ordinal)
            : throw new ArgumentException($"The sound policy does not hold \"{old}\".");

    /// <summary>Reads a text that is a policy.</summary>
    public static Policy Read(string text) => PolicyReader.Parse(text, "test.yaml");

    /// <summary>What is wrong with a text that is none.</summary>
    public static IReadOnlyList<PolicyProblem> Problems(string text) =>
        Assert.IsType<PolicyReading.Faulty>(PolicyReader.Check(text, "test.yaml")).Problems;

    /// <summary>A file of the repository's <c>policies/</c>.</summary>
    public static string InRepository(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(here, "../../../../policies", file));
}
