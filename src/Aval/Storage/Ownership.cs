namespace Aval.Storage;

/// <summary>Who lets go of what was opened.</summary>
internal static class Ownership
{
    /// <summary>
    /// Hands what was opened on to what is made of it. Where that fails, it is let go, and the failure passes.
    /// </summary>
    public static TOwner Hand<TOwner>(IDisposable opened, Func<TOwner> make)
    {
        try
        {
            return make();
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
