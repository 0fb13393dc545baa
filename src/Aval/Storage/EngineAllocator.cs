using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace Aval.Storage;

/// <summary>
/// How long the engine's allocator (jemalloc, on Linux) keeps memory that was freed before it gives it back to the
/// system. The engine asks for one second. Its buffers come and go more often than that while a bucket is written, and
/// each page that comes back has to be made and cleared again: a seventh of a build's processor time
/// (docs/decisions/duckdb.md). Kept is at most what was in use a moment before.
/// </summary>
internal static partial class EngineAllocator
{
    // What jemalloc itself does where nobody says otherwise.
    private const long Milliseconds = 10_000;

    private const string Library = "duckdb", Control = "duckdb_je_mallctl";

    private static readonly Lazy<bool> Kept = new(KeepOnce);

    /// <summary>Sees to it, once a process, before the first engine is opened.</summary>
    /// <returns>Whether it could: not where the engine comes with another allocator.</returns>
    public static bool KeepFreed() => Kept.Value;

    // Arenas that are made later take the first two; those that are there each have their own.
    private static bool KeepOnce()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(DuckDBConnection).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(library, Control, out _))
            return false;
        if (!Set("arenas.dirty_decay_ms") || !Set("arenas.muzzy_decay_ms"))
            return false;
        uint arenas = 0;
        nuint size = sizeof(uint);
        _ = Read("arenas.narenas", ref arenas, ref size, 0, 0);
        for (var arena = 0u; arena < arenas; arena++)
        {
            // One that was never used refuses, and will take the default.
            _ = Set($"arena.{arena}.dirty_decay_ms");
            _ = Set($"arena.{arena}.muzzy_decay_ms");
        }

        return true;
    }

    private static bool Set(string name)
    {
        nint value = (nint)Milliseconds;
        return Write(name, 0, 0, ref value, (nuint)nint.Size) == 0;
    }

    // jemalloc(3), mallctl: the old value and its size, the new value and its size; 0 = done.
    [LibraryImport(Library, EntryPoint = Control, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Write(string name, nint old, nint oldSize, ref nint value, nuint valueSize);

    [LibraryImport(Library, EntryPoint = Control, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(string name, ref uint old, ref nuint oldSize, nint value, nuint valueSize);
}
