using System.Collections;
using Aval.Text.Copies;

namespace Aval.Benchmarks.Copies;

/// <summary>
/// What every pair of texts truly shares: each run of five letters is looked up as a string among those of all texts,
/// with no hash of ours, no sketch and no band.
/// </summary>
internal sealed class TrueOverlaps : IEnumerable<(int First, int Second, int Shared)>
{
    private readonly List<int>[] _runs;
    private readonly List<List<int>> _texts = [];

    public TrueOverlaps(IReadOnlyList<string> texts)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        _runs = new List<int>[texts.Count];
        for (var text = 0; text < texts.Count; text++)
        {
            var own = new HashSet<int>();
            foreach (var run in Runs(texts[text]))
            {
                if (!names.TryGetValue(run, out var name))
                {
                    names[run] = name = _texts.Count;
                    _texts.Add([]);
                }

                if (own.Add(name))
                    _texts[name].Add(text);
            }

            _runs[text] = [.. own];
        }
    }

    /// <summary>How many different runs a text has.</summary>
    public int CountOf(int text) => _runs[text].Count;

    /// <summary>Each pair that shares anything, the earlier text first.</summary>
    public IEnumerator<(int First, int Second, int Shared)> GetEnumerator()
    {
        var shared = new int[_runs.Length];
        for (var second = 0; second < _runs.Length; second++)
        {
            Array.Clear(shared);
            foreach (var run in _runs[second])
            {
                foreach (var first in _texts[run])
                {
                    if (first >= second)
                        break;
                    shared[first]++;
                }
            }

            for (var first = 0; first < second; first++)
            {
                if (shared[first] > 0)
                    yield return (first, second, shared[first]);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IEnumerable<string> Runs(string text)
    {
        var letters = new char[text.Length];
        var plain = new string(letters, 0, PlainLetters.Write(text, letters));
        return Enumerable.Range(0, Math.Max(0, plain.Length - Shingles.Size + 1))
            .Select(at => plain.Substring(at, Shingles.Size));
    }
}
