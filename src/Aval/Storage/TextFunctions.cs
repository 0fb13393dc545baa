using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Aval.Storage;

/// <summary>A column of texts of a batch, each as the UTF-8 that the engine has. Null counts as empty: what is answered
/// for it is null nevertheless.</summary>
internal readonly unsafe ref struct TextColumn(nint vector)
{
    private readonly DuckDBString* _texts = (DuckDBString*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
    private readonly ulong* _valid = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);

    public ReadOnlySpan<byte> this[int row] => _valid is not null && (_valid[row / 64] >> (row % 64) & 1) == 0
        ? []
        : new ReadOnlySpan<byte>(_texts[row].Data, _texts[row].Length);
}

/// <summary>The calls of a function that are made at once, up to 2,048.</summary>
internal readonly unsafe ref struct CallBatch(nint chunk, nint result)
{
    /// <summary>How many.</summary>
    public int Count { get; } = (int)TextFunctions.SizeOf(chunk);

    /// <summary>An argument that is text.</summary>
    public TextColumn Texts(int argument) => new(TextFunctions.VectorOf(chunk, (ulong)argument));

    /// <summary>An argument of a plain type.</summary>
    public ReadOnlySpan<T> Values<T>(int argument)
        where T : unmanaged =>
        new(NativeMethods.Vectors.DuckDBVectorGetData(TextFunctions.VectorOf(chunk, (ulong)argument)), Count);

    /// <summary>Answers a call with a text, as UTF-8.</summary>
    public void Answer(int row, ReadOnlySpan<byte> text)
    {
        fixed (byte* bytes = text)
            TextFunctions.Assign(result, (ulong)row, bytes, (ulong)text.Length);
    }

    /// <summary>Where the answers are written.</summary>
    public Span<T> Answers<T>()
        where T : unmanaged => new(NativeMethods.Vectors.DuckDBVectorGetData(result), Count);
}

/// <summary>Answers a batch of calls.</summary>
internal delegate void BatchAnswer(CallBatch batch);

/// <summary>When a function is called.</summary>
[Flags]
internal enum Calling
{
    /// <summary>As often as the engine likes, and where an argument is null its answer is null.</summary>
    AsNeeded = 0,

    /// <summary>Once a row: it does something, or takes too long to be asked again where its answer stands
    /// twice.</summary>
    OnceARow = 1,

    /// <summary>With nulls too, which it sees as nothing.</summary>
    WithNulls = 2,
}

/// <summary>A text of the engine as UTF-16, in memory that the next one takes over.</summary>
internal sealed class Utf16Scratch
{
    private char[] _units = new char[1024];

    /// <summary>The text; until the next is asked for.</summary>
    public ReadOnlySpan<char> Of(ReadOnlySpan<byte> text)
    {
        if (_units.Length < text.Length)
            _units = new char[2 * text.Length];
        return _units.AsSpan(0, Encoding.UTF8.GetChars(text, _units));
    }
}

/// <summary>
/// Functions of the engine that read texts where they lie. DuckDB.NET's own make a string of each, which is UTF-16 and
/// is made into UTF-8 again for its hash: of an import of 10⁷ rows that was a tenth. What is registered here throws
/// nothing (nobody above the engine would catch it), and is asked by several threads.
/// </summary>
internal static unsafe partial class TextFunctions
{
    /// <summary>Registers a function.</summary>
    /// <param name="connection">Of which engine.</param>
    /// <param name="name">As SQL calls it.</param>
    /// <param name="arguments">Their types.</param>
    /// <param name="answers">The type of what it answers.</param>
    /// <param name="answer">Answers; kept as long as the engine is.</param>
    /// <param name="calling">When it is called.</param>
    public static void Register(
        DuckDBConnection connection, string name, ReadOnlySpan<DuckDBType> arguments, DuckDBType answers,
        BatchAnswer answer, Calling calling = Calling.AsNeeded)
    {
        var nulls = (calling & Calling.WithNulls) == 0 ? arguments.Length : 0;
        var function = NativeMethods.ScalarFunction.DuckDBCreateScalarFunction();
        try
        {
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetName(function, name);
            foreach (var argument in arguments)
            {
                using var type = NativeMethods.LogicalType.DuckDBCreateLogicalType(argument);
                NativeMethods.ScalarFunction.DuckDBScalarFunctionAddParameter(function, type);
            }

            using var answered = NativeMethods.LogicalType.DuckDBCreateLogicalType(answers);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetReturnType(function, answered);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetExtraInfo(
                function, GCHandle.ToIntPtr(GCHandle.Alloc(new Kept(answer, nulls))), &Forget);
            if ((calling & Calling.OnceARow) != 0)
                NativeMethods.ScalarFunction.DuckDBScalarFunctionSetVolatile(function);
            if ((calling & Calling.WithNulls) != 0)
                NativeMethods.ScalarFunction.DuckDBScalarFunctionSetSpecialHandling(function);
            NativeMethods.ScalarFunction.DuckDBScalarFunctionSetFunction(function, &Call);
            if (NativeMethods.ScalarFunction.DuckDBRegisterScalarFunction(connection.NativeConnection, function)
                != DuckDBState.Success)
                throw new InvalidOperationException($"The engine did not take the function {name}.");
        }
        finally
        {
            NativeMethods.ScalarFunction.DuckDBDestroyScalarFunction(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Call(nint info, nint chunk, nint result)
    {
        var handle = GCHandle.FromIntPtr(NativeMethods.ScalarFunction.DuckDBScalarFunctionGetExtraInfo(info));
        var kept = (Kept)handle.Target!;
        kept.Answer(new CallBatch(chunk, result));
        for (var argument = 0; argument < kept.Nulls; argument++)
            TakeNulls(VectorOf(chunk, (ulong)argument), result, ((int)SizeOf(chunk) + 63) / 64);
    }

    // The engine does not do it: what any argument is null for has no answer.
    private static void TakeNulls(nint argument, nint result, int words)
    {
        var given = NativeMethods.Vectors.DuckDBVectorGetValidity(argument);
        if (given is null)
            return;
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(result);
        var answered = NativeMethods.Vectors.DuckDBVectorGetValidity(result);
        for (var word = 0; word < words; word++)
            answered[word] &= given[word];
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Forget(nint answer) => GCHandle.FromIntPtr(answer).Free();

    // Nulls: in so many arguments a null makes the answer null.
    private sealed record Kept(BatchAnswer Answer, int Nulls);

    // Without a look at whether it is UTF-8: it was, or was made here.
    [LibraryImport("duckdb", EntryPoint = "duckdb_unsafe_vector_assign_string_element_len")]
    internal static partial void Assign(nint vector, ulong row, byte* text, ulong length);

    // DuckDB.NET has these two for a chunk that it owns.
    [LibraryImport("duckdb", EntryPoint = "duckdb_data_chunk_get_size")]
    internal static partial ulong SizeOf(nint chunk);

    [LibraryImport("duckdb", EntryPoint = "duckdb_data_chunk_get_vector")]
    internal static partial nint VectorOf(nint chunk, ulong column);
}
