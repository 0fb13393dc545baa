using System.Globalization;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>What programs are told when something was not done.</summary>
internal static class ApiProblems
{
    /// <summary>What went wrong (RFC 9457).</summary>
    public static IResult Problem(int status, string title, string detail) =>
        Results.Bytes(
            JsonText.WriteCompact(json =>
            {
                json.WriteStartObject();
                json.WriteString("type", "about:blank");
                json.WriteString("title", title);
                json.WriteNumber("status", status);
                json.WriteString("detail", detail);
                json.WriteEndObject();
            }),
            "application/problem+json").WithStatus(status);

    /// <summary>Something failed while it was done.</summary>
    public static IResult NotConfirmed() => Problem(
        StatusCodes.Status503ServiceUnavailable, "Not confirmed",
        "Something here is busy or broken, and it is not certain that it was recorded. Send it again in a minute, "
            + "under the same Idempotency-Key where you have one: the same twice adds up to the same.");

    /// <summary>What is said now would have no effect.</summary>
    public static IResult ClockBehind() => Problem(
        StatusCodes.Status503ServiceUnavailable, "The clock is behind",
        "Nothing was recorded. The clock here is more than a day behind what the same account said before, so that "
            + "what it says now would have no effect. The operator is told. Send it again when the clock is right.");

    /// <summary>There is nothing there, or nothing that this token opens.</summary>
    public static IResult NotFound() =>
        Problem(StatusCodes.Status404NotFound, "Not there", "There is nothing here that your token opens.");

    /// <summary>More are waiting than can be recorded soon, or one client asks for too much.</summary>
    /// <param name="http">What came.</param>
    /// <param name="after">When to come again; null = in a second.</param>
    public static IResult TooMany(HttpContext http, TimeSpan? after = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        var seconds = Math.Max(1, (int)Math.Ceiling(after?.TotalSeconds ?? 1)).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = seconds;
        return Problem(
            StatusCodes.Status429TooManyRequests, "Too many at once",
            $"Nothing was done. Come again in {seconds} s.");
    }

    /// <summary>The same answer under another status code.</summary>
    public static IResult WithStatus(this IResult answer, int status) => new Stated(answer, status);

    private sealed class Stated(IResult answer, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return answer.ExecuteAsync(httpContext);
        }
    }
}
