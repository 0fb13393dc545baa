using System.Text;

namespace Aval.Models;

/// <summary>A text whose traces are looked for in a model.</summary>
/// <param name="Language">Whose table is asked.</param>
/// <param name="Text">The text.</param>
internal readonly record struct ProbedText(string Language, string Text);

/// <summary>How much of some texts a model says by itself.</summary>
/// <param name="Tried">Texts that are long enough to be tried.</param>
/// <param name="Regurgitated">Of these, those of which it said the whole span.</param>
/// <param name="Longest">The longest that it said of any, in characters.</param>
internal sealed record Regurgitation(int Tried, int Regurgitated, int Longest);

/// <summary>How much likelier a planted text is than others of its shape.</summary>
/// <param name="Canary">Which, by its place in the list, from 1.</param>
/// <param name="Rank">Among <paramref name="Others"/> random ones and itself, 1 = the likeliest.</param>
/// <param name="Others">How many.</param>
/// <param name="Bits">log₂ of how many there are, less log₂ of its rank (Carlini et al. 2019, "The Secret
/// Sharer").</param>
internal sealed record Exposure(int Canary, int Rank, int Others, double Bits);

/// <summary>How well somebody tells texts that a model was trained on from others, by their bits a byte.</summary>
/// <param name="Members">How many texts of the former.</param>
/// <param name="Others">How many of the latter.</param>
/// <param name="Advantage">The best threshold's rate of hits less its rate of false alarms (Yeom et al. 2018).</param>
/// <param name="Area">The share of pairs in which the former is the likelier one; 0.5 = nothing is told.</param>
internal sealed record Membership(int Members, int Others, double Advantage, double Area);

/// <summary>
/// Looks for traces of given texts in a model. What is found is evidence of a leak; that nothing is found proves
/// nothing: another attack may find what these do not.
/// </summary>
/// <param name="model">The model.</param>
internal sealed class Leaks(ModelFolder model)
{
    /// <summary>Has the model go on from the beginning of each text, always with what is likeliest.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="prompt">How many characters it is given.</param>
    /// <param name="span">How many it has to say itself, exactly.</param>
    public Regurgitation Regurgitate(IEnumerable<ProbedText> texts, int prompt, int span)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var (tried, whole, longest) = (0, 0, 0);
        foreach (var (language, text) in texts)
        {
            var (begins, goesOn) = Cut(text, prompt);
            if (goesOn.Length < span || model.TableOf(language) is null)
                continue;
            tried++;
            var said = Generation.Continue(
                model.Read(language), new GenerationRequest(begins, Temperature: 0, Longest: span * 4));
            var same = said.AsSpan().CommonPrefixLength(goesOn);
            longest = Math.Max(longest, same);
            whole += same >= span ? 1 : 0;
        }

        return new Regurgitation(tried, whole, longest);
    }

    /// <summary>Compares each canary with random texts of its shape: each digit and letter another one.</summary>
    /// <param name="canaries">The planted texts.</param>
    /// <param name="others">With how many.</param>
    public IReadOnlyList<Exposure> Expose(IEnumerable<ProbedText> canaries, int others)
    {
        ArgumentNullException.ThrowIfNull(canaries);
        var found = new List<Exposure>();
        foreach (var (at, canary) in canaries.Index())
        {
            if (model.TableOf(canary.Language) is null)
                continue;
            var table = model.Read(canary.Language);
            var bits = table.Bits(Encoding.UTF8.GetBytes(canary.Text));
            var random = new Random(at);
            var rank = 1 + Enumerable.Range(0, others)
                .Count(_ => table.Bits(Encoding.UTF8.GetBytes(Another(canary.Text, random))) <= bits);
            found.Add(new Exposure(at + 1, rank, others, Math.Log2((others + 1) / (double)rank)));
        }

        return found;
    }

    /// <summary>Tells members from others by how well the model foretells them; null = of either there is
    /// none.</summary>
    public Membership? Tell(IEnumerable<ProbedText> members, IEnumerable<ProbedText> others)
    {
        var (read, never) = (Rates(members), Rates(others));
        if (read.Length == 0 || never.Length == 0)
            return null;
        var (best, below, pairs) = (0.0, 0, 0.0);
        for (var hit = 0; hit < read.Length; hit++)
        {
            while (below < never.Length && never[below] < read[hit])
                below++;
            var ties = never.Skip(below).TakeWhile(rate => rate.Equals(read[hit])).Count();
            pairs += never.Length - below - (ties / 2.0);
            best = Math.Max(best, ((hit + 1) / (double)read.Length) - ((below + ties) / (double)never.Length));
        }

        return new Membership(read.Length, never.Length, best, pairs / read.Length / never.Length);
    }

    private double[] Rates(IEnumerable<ProbedText> texts) =>
    [
        .. texts.Where(text => text.Text.Length > 0 && model.TableOf(text.Language) is not null)
            .Select(text => model.Read(text.Language).Score(Encoding.UTF8.GetBytes(text.Text)))
            .Select(scored => scored.Bits / scored.Bytes).Order(),
    ];

    // Never within a character that two code units make up.
    private static (string Begins, string GoesOn) Cut(string text, int at)
    {
        at = Math.Min(at, text.Length);
        at += at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? 1 : 0;
        return (text[..at], text[at..]);
    }

    private static string Another(string text, Random random) => string.Create(text.Length, text, (other, from) =>
    {
        for (var at = 0; at < from.Length; at++)
        {
            other[at] = from[at] switch
            {
                >= '0' and <= '9' => (char)random.Next('0', '9' + 1),
                >= 'a' and <= 'z' => (char)random.Next('a', 'z' + 1),
                >= 'A' and <= 'Z' => (char)random.Next('A', 'Z' + 1),
                _ => from[at],
            };
        }
    });
}
