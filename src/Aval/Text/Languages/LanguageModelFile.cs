using System.IO.Compression;
using System.Text;

namespace Aval.Text.Languages;

/// <summary>
/// The model as bytes: <c>AVLM</c>, a version, varieties, size of the table, number of rows; where rows lie, as gaps;
/// the rows' numbers, variety by variety, since neighbours in one variety are alike. All of it behind Brotli.
/// </summary>
internal static class LanguageModelFile
{
    private const string Resource = "Aval.Text.Languages.languages.model";
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "AVLM"u8;

    /// <summary>The model inside this assembly.</summary>
    public static LanguageModel Shipped()
    {
        using var packed = typeof(LanguageModelFile).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"This assembly holds no {Resource}.");
        return Read(packed);
    }

    /// <summary>Reads a packed model.</summary>
    public static LanguageModel Read(Stream packed)
    {
        using var unpacked = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionMode.Decompress, leaveOpen: true))
            brotli.CopyTo(unpacked);
        return FromBytes(unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length));
    }

    /// <summary>Writes a model, packed.</summary>
    public static void Write(LanguageModel model, Stream packed)
    {
        using var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true);
        brotli.Write(ToBytes(model));
    }

    /// <summary>A model, unpacked.</summary>
    public static byte[] ToBytes(LanguageModel model)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((byte)model.Varieties.Count);
        foreach (var variety in model.Varieties)
        {
            writer.Write(variety.Name);
            writer.Write(variety.Code);
            writer.Write((byte)variety.Script);
        }

        var rows = model.Rows;
        writer.Write(rows.Length);
        var count = model.Numbers.Length / LanguageModel.Width - 1;
        writer.Write(count);
        for (int slot = 0, before = 0; slot < rows.Length; slot++)
        {
            if (rows[slot] == 0)
                continue;
            writer.Write7BitEncodedInt(slot - before);
            before = slot;
        }

        for (var variety = 0; variety < model.Varieties.Count; variety++)
        {
            for (var row = 1; row <= count; row++)
                writer.Write(model.Numbers[row * LanguageModel.Width + variety]);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static LanguageModel FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic) || bytes[Magic.Length] != Version)
            throw new InvalidDataException("This is no language model of version 1.");
        using var reader = new BinaryReader(new MemoryStream(bytes[(Magic.Length + 1)..].ToArray()), Encoding.UTF8);
        var varieties = new Variety[reader.ReadByte()];
        for (var at = 0; at < varieties.Length; at++)
            varieties[at] = new(reader.ReadString(), reader.ReadString(), (Script)reader.ReadByte());
        var rows = new ushort[reader.ReadInt32()];
        var count = reader.ReadInt32();
        // Rows are numbered in the order of their places.
        for (int row = 1, slot = 0; row <= count; row++)
            rows[slot += reader.Read7BitEncodedInt()] = (ushort)row;
        var numbers = new sbyte[(count + 1) * LanguageModel.Width];
        for (var variety = 0; variety < varieties.Length; variety++)
        {
            for (var row = 1; row <= count; row++)
                numbers[row * LanguageModel.Width + variety] = reader.ReadSByte();
        }

        return new LanguageModel(varieties, rows, numbers);
    }
}
