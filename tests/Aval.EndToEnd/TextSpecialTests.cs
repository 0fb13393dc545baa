using System.Text.Json;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>What an officer sees who tries the rule on special categories out.</summary>
public sealed class TextSpecialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_text_has_its_categories_with_the_terms_that_spoke_for_them()
    {
        Durable.Replace(_folder.File("posts.txt"), "My chemo starts on Monday.\nThe weather is cold.\n");
        Assert.Equal(
            "health 10/20 (my chemo)\tMy chemo starts on Monday.\n-\tThe weather is cold.\n",
            AvalProcess.RunIn(_folder.Path, "text", "special", "posts.txt").Done().Output);

        var told = AvalProcess.RunIn(_folder.Path, "text", "special", "posts.txt", "--json").Done().Output;
        var category = JsonDocument.Parse(told.Split('\n')[0]).RootElement.GetProperty("categories")[0];
        Assert.Equal("health", category.GetProperty("category").GetString());
        Assert.Equal(0, category.GetProperty("terms")[0].GetProperty("start").GetInt32());
    }
}
