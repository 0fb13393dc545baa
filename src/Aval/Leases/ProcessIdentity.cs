using System.Globalization;

namespace Aval.Leases;

/// <summary>
/// A process, so that another machine, or this one after it was started again, does not take another one for it: its
/// number alone means nothing there.
/// </summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Machine">What tells machines of one name apart (/etc/machine-id); empty where there is none.</param>
/// <param name="Boot">Of which run of its kernel; empty where the system does not say.</param>
/// <param name="Id">The process's number there.</param>
/// <param name="Started">When it was started, in ticks since the kernel was: no clock that is set changes it.</param>
internal sealed record ProcessIdentity(string Host, string Machine, string Boot, int Id, long Started)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Own { get; } = new(
        Environment.MachineName, Text("/etc/machine-id"), Text("/proc/sys/kernel/random/boot_id"),
        Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether it still runs; null = nobody can tell from here.</summary>
    /// <param name="isLockFree">Whether the lock that it held is free, as far as this machine's kernel knows.</param>
    public bool? Runs(Func<bool> isLockFree) => Runs(isLockFree, Own);

    /// <inheritdoc cref="Runs(Func{bool})"/>
    /// <param name="isLockFree">As above.</param>
    /// <param name="own">Who asks.</param>
    internal bool? Runs(Func<bool> isLockFree, ProcessIdentity own)
    {
        if (Boot == own.Boot && Boot.Length > 0)
        {
            // In another container of this machine numbers are others', but locks are the kernel's.
            return Host == own.Host ? StartOf(Id) == Started : !isLockFree();
        }

        if (Host != own.Host || Machine != own.Machine)
            return null;
        // A system that says nothing about itself is one machine on somebody's desk.
        if (Boot.Length == 0 && own.Boot.Length == 0)
            return !isLockFree();
        // The same machine, started again: what ran there runs no more. Containers have one name on many machines, and
        // mostly nothing that tells these apart.
        return Machine.Length == 0 ? null : Boot.Length == 0 && !isLockFree();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Id} on {Host}");

    // The 22nd field; the second is a name that may hold anything, in parentheses.
    private static long? StartOf(int process)
    {
        var stat = Text(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // A process that has ended and that nobody has asked about yet is none.
        return fields.Length > 19 && fields[0] is not ("Z" or "X")
            ? long.Parse(fields[19], CultureInfo.InvariantCulture)
            : null;
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
