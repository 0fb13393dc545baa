using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Aval.Authors;

/// <summary>
/// The points of P-256 as OpenSSL multiplies them: the same bytes as BouncyCastle's, sooner. libcrypto is
/// there wherever .NET does TLS on Linux; where it is not, <see cref="Mine"/> is null and BouncyCastle does the work.
/// Holds the scratch space of one thread.
/// </summary>
internal sealed partial class OpenSslCurve
{
    private const string Library = "libcrypto.so.3";
    private const int Prime256V1 = 415;
    private const int Compressed = 2;
    private const int PointSize = 1 + Ecvrf.ScalarSize;

    private static readonly bool IsThere = NativeLibrary.TryLoad(Library, out _);

    [ThreadStatic]
    private static OpenSslCurve? s_mine;

    private readonly nint _group = EC_GROUP_new_by_curve_name(Prime256V1);
    private readonly nint _context = BN_CTX_new();
    private readonly nint _point;
    private readonly nint _product;
    private readonly nint _x = BN_new();
    private readonly nint _y = BN_new();

    private OpenSslCurve()
    {
        _point = EC_POINT_new(_group);
        _product = EC_POINT_new(_group);
        if (_group == 0 || _context == 0 || _point == 0 || _product == 0 || _x == 0 || _y == 0)
            throw new CryptographicException("OpenSSL has no P-256, or no memory for it.");
    }

    /// <summary>With its thread goes what it holds.</summary>
    ~OpenSslCurve()
    {
        EC_POINT_free(_point);
        EC_POINT_clear_free(_product);
        BN_clear_free(_x);
        BN_clear_free(_y);
        BN_CTX_free(_context);
        EC_GROUP_free(_group);
    }

    /// <summary>The calling thread's own; null where there is no libcrypto.</summary>
    public static OpenSslCurve? Mine => !IsThere ? null : s_mine ??= new OpenSslCurve();

    /// <summary>Multiplies the point with this abscissa and an even ordinate.</summary>
    /// <param name="abscissa">32 bytes.</param>
    /// <param name="scalar">32 bytes, above 0 and below the curve's order.</param>
    /// <returns>The product's compressed spelling, 33 bytes; null when there is no such point.</returns>
    public byte[]? Multiply(ReadOnlySpan<byte> abscissa, ReadOnlySpan<byte> scalar)
    {
        Span<byte> ordinate = stackalloc byte[Ecvrf.ScalarSize];
        if (!EvenOrdinate.TryFind(abscissa, ordinate))
            return null;
        // OpenSSL looks whether the point is on the curve.
        if (BN_bin2bn(abscissa, abscissa.Length, _x) == 0 || BN_bin2bn(ordinate, ordinate.Length, _y) == 0
            || EC_POINT_set_affine_coordinates(_group, _point, _x, _y, _context) != 1)
            throw new CryptographicException("OpenSSL did not take a point of P-256.");
        var number = BN_bin2bn(scalar, scalar.Length, 0);
        try
        {
            var product = new byte[PointSize];
            return number != 0 && EC_POINT_mul(_group, _product, 0, _point, number, _context) == 1
                && EC_POINT_point2oct(_group, _product, Compressed, product, (nuint)product.Length, _context)
                    == (nuint)product.Length
                    ? product
                    : throw new CryptographicException("OpenSSL could not multiply a point of P-256.");
        }
        finally
        {
            BN_clear_free(number);
        }
    }

    [LibraryImport(Library)]
    private static partial nint EC_GROUP_new_by_curve_name(int name);

    [LibraryImport(Library)]
    private static partial void EC_GROUP_free(nint group);

    [LibraryImport(Library)]
    private static partial nint EC_POINT_new(nint group);

    [LibraryImport(Library)]
    private static partial void EC_POINT_free(nint point);

    [LibraryImport(Library)]
    private static partial void EC_POINT_clear_free(nint point);

    [LibraryImport(Library)]
    private static partial int EC_POINT_set_affine_coordinates(nint group, nint point, nint x, nint y, nint context);

    [LibraryImport(Library)]
    private static partial nuint EC_POINT_point2oct(
        nint group, nint point, int form, Span<byte> octets, nuint length, nint context);

    [LibraryImport(Library)]
    private static partial int EC_POINT_mul(
        nint group, nint product, nint generatorTimes, nint point, nint times, nint context);

    [LibraryImport(Library)]
    private static partial nint BN_CTX_new();

    [LibraryImport(Library)]
    private static partial void BN_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial nint BN_new();

    [LibraryImport(Library)]
    private static partial nint BN_bin2bn(ReadOnlySpan<byte> bytes, int length, nint into);

    [LibraryImport(Library)]
    private static partial void BN_clear_free(nint number);
}
