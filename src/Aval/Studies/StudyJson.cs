using System.Text.Json;
using Aval.Storage;

namespace Aval.Studies;

/// <summary>study.json: a result for programs (docs/formats/study.md). The same study has the same bytes.</summary>
internal static class StudyJson
{
    // Processors differ in the last digits of a logarithm.
    private const int Digits = 6;

    /// <summary>Fewer people than this are not told apart: who is alone of a kind could be found.</summary>
    public const int LeastTold = 10;

    /// <summary>The bytes of study.json.</summary>
    public static byte[] Of(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonText.Write(json => WriteTo(json, result));
    }

    /// <summary>Writes it.</summary>
    public static void WriteTo(Utf8JsonWriter json, StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        json.WriteStartObject();
        json.WriteString("study", result.Plan.Name);
        json.WriteString("question", result.Plan.Question);
        json.WriteBoolean("exploratory", result.Standing.IsExploratory);
        WritePlan(json, result);
        json.WriteString("release", result.Release);
        json.WriteString("manifest", result.Manifest);
        json.WriteStartArray("compared_with");
        foreach (var (release, manifest) in result.ComparedWith)
        {
            json.WriteStartObject();
            json.WriteString("release", release);
            json.WriteString("manifest", manifest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("engine", EngineVersion.Text);
        if (FreeText.Sha256(result.Plan) is { } free)
            json.WriteString("free_text", free);
        json.WriteNumber("people", result.People);
        json.WriteNumber("consenting_people", result.ConsentingPeople);
        json.WriteNumber("held_out_people", result.HeldOutPeople);
        json.WriteBoolean("shows", result.Shows);
        json.WriteStartObject("controls");
        Write(json, "too_small", result.TooSmall);
        Write(json, "halves", result.Halves);
        json.WriteEndObject();
        WriteJoint(json, result);
        json.WriteStartArray("languages");
        foreach (var language in result.Languages)
            Write(json, language);
        json.WriteEndArray();
        Write(json, result.Composition);
        json.WriteEndObject();
    }

    private static void WritePlan(Utf8JsonWriter json, StudyResult result)
    {
        var plan = result.Plan;
        json.WriteStartObject("plan");
        json.WriteString("sha256", plan.Sha256);
        json.WriteNumber("entry", result.Standing.PlanEntry);
        if (result.Standing.EarlierResult is { } earlier)
            json.WriteNumber("result_before_it", earlier);
        json.WriteNumber("margin", StudyPlan.Number(plan.Margin));
        json.WriteNumber("smallest_gap", StudyPlan.Number(plan.SmallestGap));
        json.WriteNumber("confidence", StudyPlan.Number(plan.Confidence));
        json.WriteNumber("power", StudyPlan.Number(plan.Power));
        json.WriteNumber("repeats", plan.Repeats);
        json.WriteNumber("resamples", plan.Resamples);
        json.WriteNumber("seed", plan.Seed);
        json.WriteEndObject();
    }

    private static void WriteJoint(Utf8JsonWriter json, StudyResult result)
    {
        json.WriteStartArray("all_languages");
        foreach (var joint in result.Joint)
        {
            json.WriteStartObject();
            json.WriteString("share", joint.Share);
            json.WriteString("verdict", Word(joint.Verdict));
            json.WriteStartArray("against");
            foreach (var language in joint.Against)
                json.WriteStringValue(language);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("together");
        foreach (var (share, gap) in result.Together)
        {
            json.WriteStartObject();
            json.WriteString("share", share.ToString());
            Write(json, "gap", gap);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LanguageResult language)
    {
        json.WriteStartObject();
        json.WriteString("language", language.Language);
        json.WriteNumber("people", language.People);
        json.WriteNumber("held_out", language.HeldOut);
        json.WriteStartArray("curve");
        foreach (var point in language.Curve)
            Write(json, point);
        json.WriteEndArray();
        json.WriteStartArray("others");
        foreach (var point in language.Others)
            Write(json, point);
        json.WriteEndArray();
        if (language.Halves is { } halves)
            Write(json, "halves", halves);
        json.WriteStartArray("judged");
        foreach (var one in language.Shares)
        {
            json.WriteStartObject();
            json.WriteString("share", one.Share.ToString());
            json.WriteString("verdict", Word(one.Judged.Verdict));
            if (one.Judged.Claim.Gap is not null)
            {
                json.WriteNumber("p", Math.Round(one.Judged.P, Digits));
                json.WriteNumber("p_holm", Math.Round(one.Judged.Adjusted, Digits));
                json.WriteNumber("smallest_gap", Math.Round(one.Judged.Claim.Smallest, Digits));
            }

            if (one.AtPlatform is { } platform)
                Write(json, "gap_at_platform_if_the_curve_goes_on", platform);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CurvePoint point)
    {
        json.WriteStartObject();
        json.WriteString(point.Share is null ? "of" : "share", point.Share?.ToString() ?? point.Name);
        json.WriteNumber("people", point.People);
        json.WriteNumber("bytes", point.Bytes);
        Write(json, "bits_per_byte", point.Level);
        Write(json, "gap", point.Gap);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Control control)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("holds", control.Holds);
        if (control.Gap is { } gap)
            Write(json, "gap", gap);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value", Math.Round(estimate.Value, Digits));
        json.WriteNumber("low", Math.Round(estimate.Low, Digits));
        json.WriteNumber("high", Math.Round(estimate.High, Digits));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Composition composition)
    {
        json.WriteStartObject("who_consented");
        json.WriteStartArray("kinds");
        foreach (var kind in composition.Kinds.Where(kind => kind.Everybody >= LeastTold))
        {
            json.WriteStartObject();
            json.WriteString("by", kind.By);
            json.WriteString("value", kind.Value.Length == 0 ? "unknown" : kind.Value);
            json.WriteNumber("people", kind.Everybody);
            json.WriteNumber("consenting", kind.Consenting);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("people_of_whose_kind_nobody_consented", composition.Unreached);
        json.WriteNumber("consenting_of_whose_kind_nobody_else_is", composition.Alone);
        json.WriteNumber("people_of_unknown_country_or_age", composition.Unknown);
        json.WriteEndObject();
    }

    /// <summary>A verdict, for programs.</summary>
    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Sufficient => "sufficient",
        Verdict.Insufficient => "insufficient",
        Verdict.NotShown => "not-shown",
    };
}
