using System.Diagnostics;
using System.Globalization;

namespace Aval.Cli;

/// <summary>
/// Progress of long work on the error stream: on a terminal one line that is redrawn, with the time left; elsewhere one
/// plain line when a stage begins and one when all is done, so that logs stay readable.
/// </summary>
internal sealed class ProgressLine(Terminal terminal) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Stopwatch _stage = Stopwatch.StartNew();
    private string _name = "";
    private long _drawnAt = long.MinValue;
    private bool _open;

    /// <summary>Tells how much of a stage is done, 0–1. May be called from any thread.</summary>
    public void Report(string stage, double done)
    {
        lock (_gate)
        {
            var begins = stage != _name;
            if (begins)
            {
                _name = stage;
                _stage.Restart();
                if (!terminal.Interactive)
                    terminal.Error.WriteLine($"{stage} …");
            }

            // Ten redraws a second are as many as an eye can follow.
            if (!terminal.Interactive || (!begins && Environment.TickCount64 - _drawnAt < 100))
                return;
            _drawnAt = Environment.TickCount64;
            var left = done is > 0.02 and < 1 ? $", {Seconds(_stage.Elapsed * ((1 - done) / done))} left" : "";
            terminal.Screen.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{stage} {done:P0}, "
                + $"{Seconds(_total.Elapsed)}{left}"));
            _open = true;
        }
    }

    /// <summary>The time since the work began.</summary>
    public TimeSpan Elapsed => _total.Elapsed;

    public void Dispose()
    {
        lock (_gate)
        {
            if (_open)
                terminal.Screen.Write("\r\u001b[K");
        }
    }

    /// <summary>A duration for people.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min"),
    };
}
