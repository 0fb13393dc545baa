using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aval.Runs;

/// <summary>
/// The command that a run starts: any program, with this process's own input and output. Signals that are sent to this
/// process are sent on, so that a scheduler that stops the run stops the trainer.
/// </summary>
internal static partial class Trainer
{
    private const int KilledFrom = 128;

    // By number: Slurm and others announce the end of a job's time with them.
    private static readonly (PosixSignal Signal, int Number)[] Forwarded =
    [
        (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGINT, 2),
        ((PosixSignal)10, 10), ((PosixSignal)12, 12),
    ];

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Its code, as a shell tells it: 128 + the signal when it was killed. Null = it could not be started, and
    /// why.</returns>
    public static (int? Exit, string? Why) Run(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var signals = new Signals();
        try
        {
            using var process = Process.Start(start)!;
            signals.SendTo(process.Id);
            process.WaitForExit();
            return (process.ExitCode, null);
        }
        catch (Win32Exception missing)
        {
            return (null, missing.Message);
        }
    }

    /// <summary>How a code tells that a run ended.</summary>
    public static RunEnding EndingOf(int? exit) => exit switch
    {
        null => RunEnding.NotStarted,
        > KilledFrom and <= KilledFrom + 64 => RunEnding.Killed,
        _ => RunEnding.Ended,
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    /// <summary>
    /// What this process is told from here on, for the trainer. It listens before the trainer is started: a signal in
    /// between would end this process, and nobody would watch over the other.
    /// </summary>
    private sealed class Signals : IDisposable
    {
        private readonly List<int> _early = [];
        private readonly PosixSignalRegistration[] _registered;
        private int? _process;

        public Signals() => _registered = OperatingSystem.IsWindows()
            ? []
            : [.. Forwarded.Select(forwarded => PosixSignalRegistration.Create(forwarded.Signal, context =>
            {
                // This process stays, to write down how the other one ends.
                context.Cancel = true;
                // At a terminal, ^C and ^\ go to all of its processes, and twice would be once too often.
                if (forwarded.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && !Console.IsInputRedirected)
                    return;
                Send(forwarded.Number);
            }))];

        /// <summary>Sends what came until now, and from now on.</summary>
        public void SendTo(int process)
        {
            lock (_early)
            {
                _process = process;
                _early.ForEach(number => _ = Kill(process, number));
            }
        }

        public void Dispose() => Array.ForEach(_registered, registration => registration.Dispose());

        private void Send(int number)
        {
            lock (_early)
            {
                if (_process is { } process)
                    _ = Kill(process, number);
                else
                    _early.Add(number);
            }
        }
    }
}
