namespace Aval.Tests;

public class SpellingTests
{
    [Theory]
    [InlineData("facebook:100044", "facebook", "100044")]
    [InlineData("instagram:a:b", "instagram", "a:b")]
    [InlineData("x-1:../é", "x-1", "../é")]
    public void An_account_is_split_at_the_first_colon(string text, string service, string id)
    {
        Assert.True(Account.TryParse(text, out var account));
        Assert.Equal(new Account(service, id), account);
        Assert.Equal(text, account.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("facebook")]
    [InlineData("facebook:")]
    [InlineData(":1")]
    [InlineData("Facebook:1")]
    [InlineData("1f:1")]
    [InlineData("facebook:a\0b")]
    [InlineData("facebook:a\nb")]
    [InlineData("facebook:100044 ")]
    [InlineData("facebook:100044\u00a0")]
    [InlineData("facebook:\u200b100044")]
    [InlineData("facebook:100\ufeff044")]
    [InlineData("facebook:100\u200e044")]
    [InlineData("facebook:e\u0301")]
    [InlineData("facebook:\ue000")]
    [InlineData("facebook:\u0378")]
    public void What_is_not_an_account_is_refused(string text) => Assert.False(Account.TryParse(text, out _));

    [Theory]
    [InlineData("item:facebook:1 ")]
    [InlineData("item:facebook:\u00a01")]
    [InlineData("item:facebook:e\u0301")]
    [InlineData("item:facebook:98765.0")]
    [InlineData("item:facebook:9.8765E+4")]
    public void An_item_whose_id_nobody_can_find_is_refused(string text) => Assert.False(Item.TryParse(text, out _));

    [Fact]
    public void An_id_that_has_no_UTF8_is_refused() => Assert.False(Account.TryParse("facebook:" + '\ud800', out _));

    [Fact]
    public void An_id_has_at_most_256_bytes()
    {
        Assert.True(Account.TryParse("x:" + new string('é', 128), out _));
        Assert.False(Account.TryParse("x:" + new string('é', 129), out _));
    }

    [Theory]
    [InlineData("2025-05-27T00:00:00Z", "2025-05-27T00:00:00.000000Z")]
    [InlineData("2025-05-27T02:00:00.5+02:00", "2025-05-27T00:00:00.500000Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Instants_are_written_in_one_way(string text, string written)
    {
        Assert.True(Instant.TryParse(text, out var instant));
        Assert.Equal(written, instant.ToText());
        Assert.Equal(instant, Instant.FromMicroseconds(instant.ToMicroseconds()));
    }

    [Theory]
    [InlineData("2025-05-27")]
    [InlineData("2025-05-27T00:00:00")]
    [InlineData("2025-05-27T00:00:00.1234567Z")]
    [InlineData("2025-02-30T00:00:00Z")]
    [InlineData("27.05.2025 00:00")]
    [InlineData("2025-05-27T24:00:00Z")]
    public void A_finer_zoneless_or_impossible_instant_is_refused(string text) =>
        Assert.False(Instant.TryParse(text, out _));
}
