using System.Runtime.CompilerServices;

namespace Aval.Tests.Exports;

/// <summary>The data set that lies beside the repository on some machines.</summary>
internal static class SharedData
{
    /// <summary>A file or folder of it; where it is absent the test is skipped, and fails in CI.</summary>
    public static string Path(string relative, [CallerFilePath] string here = "")
    {
        for (var at = new DirectoryInfo(System.IO.Path.GetDirectoryName(here)!); at is not null; at = at.Parent)
        {
            var path = System.IO.Path.Combine(at.FullName, "shared", "data", relative);
            if (System.IO.Path.Exists(path))
                return path;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"../shared/data/{relative} is absent, and CI must have it.");
        Assert.Skip($"../shared/data/{relative} is absent.");
        return "";
    }
}
