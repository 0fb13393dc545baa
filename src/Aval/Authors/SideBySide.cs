using System.Runtime.ExceptionServices;
using Aval.Storage;

namespace Aval.Authors;

/// <summary>
/// Parts of a work on several threads. What one of them throws is thrown here as it was, and not wrapped: a full disk
/// is told as one.
/// </summary>
internal static class SideBySide
{
    /// <summary>Does each part.</summary>
    public static void Each(int parts, int threads, Action<int> each) =>
        Unwrapped(() => Parallel.For(0, parts, AtMost(threads), each));

    /// <summary>Does each part, every thread with an engine of its own.</summary>
    public static void Each(Engine engine, int parts, int threads, Action<Engine, int> each) => Unwrapped(() =>
        Parallel.For(0, parts, AtMost(threads), engine.Fork, (part, _, own) =>
        {
            each(own, part);
            return own;
        }, own => own.Dispose()));

    /// <summary>Begins a work beside what its caller does, where several threads may work.</summary>
    /// <param name="threads">How many may.</param>
    /// <param name="work">The work.</param>
    /// <returns>Waits for what came of it; where one thread may work alone, that is when it is done.</returns>
    public static Func<T> Begin<T>(int threads, Func<T> work)
    {
        if (threads == 1)
        {
            var later = new Lazy<T>(work);
            return () => later.Value;
        }

        var begun = Task.Run(work);
        return () => begun.GetAwaiter().GetResult();
    }

    private static ParallelOptions AtMost(int threads) => new() { MaxDegreeOfParallelism = threads };

    private static void Unwrapped(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
