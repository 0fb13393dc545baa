namespace Aval.Tests.Workspaces;

/// <summary>What aval.yaml may say, and how it is refused.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_settings_write_they_read_again()
    {
        var settings = Settings.Default with
        {
            Controller = "Example \"Platforms\" Ltd",
            Buckets = 4096,
            Store = new StoreSettings(StoreKind.Postgres, "Host=db;Database=choices"),
            Links = new LinkSettings(300, ["0", "unknown"], new Dictionary<string, long> { ["7"] = 450 }),
            Retention = new Dictionary<ChoiceKind, Retention> { [ChoiceKind.Objection] = new(3, InYears: true) },
            Erasures = new ErasureSettings(
                new Retention(7, InYears: false),
                new Dictionary<string, Retention> { ["a \"vault\""] = new(2, InYears: true) }),
        };
        var read = Read(settings.ToYaml());
        Assert.Equal(settings.ToYaml(), read.ToYaml());
        Assert.Equal(
            (settings.Controller, settings.Buckets, settings.Store), (read.Controller, read.Buckets, read.Store));
        Assert.Equal(settings.Retention, read.Retention);
        Assert.Equal(settings.Erasures.Every, read.Erasures.Every);
        Assert.Equal(settings.Erasures.Backups, read.Erasures.Backups);
    }

    [Theory]
    [InlineData("buckets: 5000", "line 1, column 10: buckets is a whole number from 1 to 4096")]
    [InlineData("controller: [a]", "line 1, column 13: a controller has a name")]
    [InlineData("store: mysql", "line 1, column 8: store is sqlite or postgres")]
    [InlineData("purposes: sell", "line 1, column 11: purposes is a list")]
    [InlineData("erase-every: soon", "line 1, column 14: erase-every is a number of days or years")]
    [InlineData("backups: {nightly: forever}", "line 1, column 20: nightly is kept for a number of days or years")]
    [InlineData("retention: {objection: soon}", "line 1, column 24: objection is kept for a number of days or years")]
    [InlineData("retention: {complaint: 3 years}", "line 1, column 13: a kind of choice is one of objection")]
    [InlineData("links: {no-person: [\"\"]}", "line 1, column 21: a link value is a text that is not empty")]
    [InlineData("origin: a b", "line 1, column 9: an origin has no space")]
    [InlineData("bucket: 4", "line 1, column 1: the key \"bucket\" is unknown")]
    [InlineData("? [a]\n: b", "line 1, column 3: the key \"\" is unknown")]
    [InlineData("- a", "line 1, column 1: aval.yaml has keys and values")]
    [InlineData("controller: [", "not YAML")]
    public void What_it_may_not_say_is_named_with_its_place(string yaml, string says)
    {
        var refused = Assert.Throws<AvalException>(() => Read(yaml));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was done", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("layout: 1\n")]
    [InlineData("layout: 3\n")]
    public void A_workspace_of_another_layout_is_refused_with_what_to_do(string layout)
    {
        Read($"{layout}buckets: 16\n");
        var refused = Assert.Throws<AvalException>(
            () => Workspace.Open(Path.GetDirectoryName(_folder.File("aval.yaml")), "."));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.All(
            ["aval.yaml", "reads layout 2", "import the content again"],
            part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    private Settings Read(string yaml)
    {
        var path = _folder.File("aval.yaml");
        Aval.Storage.Durable.Replace(path, System.Text.Encoding.UTF8.GetBytes(yaml));
        return Settings.Read(path);
    }
}
