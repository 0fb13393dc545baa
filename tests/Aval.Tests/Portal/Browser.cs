using System.Net.Http.Headers;

namespace Aval.Tests.Portal;

/// <summary>A browser of a test: it keeps cookies and follows no redirect by itself.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(string address, string? language)
    {
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new() })
        {
            BaseAddress = new Uri(address),
        };
        if (language is not null)
            _client.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
    }

    public HttpRequestHeaders Headers => _client.DefaultRequestHeaders;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> Get(string path) => _client.GetAsync(path, Ended);

    public Task<string> Read(string path) => _client.GetStringAsync(path, Ended);

    public Task<byte[]> Bytes(string path) => _client.GetByteArrayAsync(path, Ended);

    public Task<HttpResponseMessage> Head(string path) =>
        _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Ended);

    public Task<HttpResponseMessage> Post(string path, HttpContent content) => _client.PostAsync(path, content, Ended);

    /// <summary>Sends a form.</summary>
    public Task<HttpResponseMessage> Send(string path, params (string Name, string Value)[] fields) => Post(
        path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    /// <summary>What an answer says.</summary>
    public static Task<string> TextOf(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Ended);

    public void Dispose() => _client.Dispose();
}
