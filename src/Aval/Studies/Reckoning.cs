using Aval.Policies;

namespace Aval.Studies;

/// <summary>
/// From what was measured to what is said: the gaps with their intervals, the controls, and the verdicts.
/// </summary>
internal sealed class Reckoning
{
    // A curve is fitted to each of so many resamples; more change no digit that is shown.
    private const int Fitted = 999;

    private readonly StudyPlan _plan;
    private readonly double _confidence;

    public Reckoning(StudyPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _confidence) = (plan, StudyPlan.Number(plan.Confidence));
    }

    private Judging Judging => new(
        StudyPlan.Number(_plan.Margin), StudyPlan.Number(_plan.SmallestGap), _confidence);

    /// <summary>What follows from all languages: the parts of a result that are reckoned.</summary>
    /// <param name="measured">By language.</param>
    /// <param name="platform">How many people of the platform write in a language; null = nothing is extrapolated.
    /// </param>
    public (IReadOnlyList<LanguageResult> Languages, IReadOnlyList<(Ratio, Estimate)> Together,
        IReadOnlyList<Joint> Joint, Control TooSmall, Control Halves) Of(
        IReadOnlyList<MeasuredLanguage> measured, Func<MeasuredLanguage, double?> platform)
    {
        var drawn = measured.Select(language => language.Arms.Count == 0 ? null : new Resampled(_plan, language))
            .ToArray();
        var known = drawn.OfType<Resampled>().ToArray();
        var tooSmall = Together(known, MeasuredLanguage.NameOf(_plan.TooSmall));
        var halves = Together(known, MeasuredLanguage.OtherHalf);
        var margin = StudyPlan.Number(_plan.Margin);
        var controls = (TooSmall: new Control(tooSmall, tooSmall?.Low > margin),
            Halves: new Control(halves, halves?.Low > -margin && halves.High < margin));
        var shows = controls.TooSmall.Holds && controls.Halves.Holds;
        Claim[] claims =
        [
            .. measured.Zip(drawn).SelectMany(language => _plan.Judged.Select(share =>
                ClaimOf(language.First, language.Second, share, shows))),
        ];
        var judged = Judging.Each(claims);
        return (
            [.. measured.Zip(drawn).Select((language, at) => Result(
                language.First, language.Second,
                [.. judged.Skip(at * _plan.Judged.Count).Take(_plan.Judged.Count)], platform(language.First)))],
            known.Length == 0 ? [] : [.. _plan.Shares.Select(share =>
                (share, Together(known, MeasuredLanguage.NameOf(share))!))],
            [.. _plan.Judged.Select(share => Judging.All(MeasuredLanguage.NameOf(share), judged))],
            controls.TooSmall, controls.Halves);
    }

    // When a control of the study fails nothing was shown; a language whose own control fails shows nothing of itself.
    private Claim ClaimOf(MeasuredLanguage measured, Resampled? found, Ratio share, bool shows)
    {
        var name = MeasuredLanguage.NameOf(share);
        if (!shows || found is null || found.Gap(MeasuredLanguage.NameOf(_plan.TooSmall)).Low
            <= StudyPlan.Number(_plan.Margin))
            return new Claim(measured.Language, name, null, double.PositiveInfinity);
        // How finely a language can tell is seen where there is nothing to tell, between two halves of the same: what
        // was found cannot say by itself what could have been (Hoenig and Heisey 2001).
        return new Claim(
            measured.Language, name, found.Gap(name),
            found.Gap(MeasuredLanguage.OtherHalf).Smallest(_confidence, StudyPlan.Number(_plan.Power)));
    }

    private LanguageResult Result(
        MeasuredLanguage measured, Resampled? found, IReadOnlyList<Judged> judged, double? platform)
    {
        if (found is null)
            return new LanguageResult(
                measured.Language, measured.People, measured.HeldOutBytes.Length, [], [], null,
                [.. _plan.Judged.Zip(judged, (share, one) => new JudgedShare(share, one, null))]);
        CurvePoint Point(MeasuredArm arm, Ratio? share) => new(
            arm.Name, share, arm.People, arm.Bytes, found.Level(arm.Name), found.Gap(arm.Name));
        CurvePoint[] curve =
        [
            .. _plan.Shares.Select(share => Point(measured.Find(MeasuredLanguage.NameOf(share))!, share)),
            Point(measured.Find(MeasuredLanguage.Everybody)!, new Ratio(1, 1)),
        ];
        string[] others = [MeasuredLanguage.Consenting, MeasuredLanguage.AsMany, MeasuredLanguage.Alike,
            MeasuredLanguage.PublicDomain];
        return new LanguageResult(
            measured.Language, measured.People, measured.HeldOutBytes.Length, curve,
            [
                .. others.Select(measured.Find).OfType<MeasuredArm>()
                    .Concat(measured.Arms.Where(arm => arm.Name.StartsWith("release ", StringComparison.Ordinal)))
                    .Select(arm => Point(arm, null)),
            ],
            found.Gap(MeasuredLanguage.OtherHalf),
            [.. _plan.Judged.Zip(judged, (share, one) => new JudgedShare(
                share, one, AtPlatform(curve, found, share, platform)))]);
    }

    private Estimate? AtPlatform(CurvePoint[] curve, Resampled found, Ratio share, double? platform)
    {
        // One number of people is one point, whatever shares it is.
        CurvePoint[] points = [.. curve.GroupBy(point => point.People).Select(same => same.Last())];
        if (platform is not { } people || points.Length < LearningCurve.LeastPoints || people <= points[^1].People)
            return null;
        double[] counts = [.. points.Select(point => (double)point.People)];
        var levels = points.Select(point => found.Levels(point.Name)).ToArray();
        var part = StudyPlan.Number(share);
        var best = LearningCurve.Fit(counts, [[.. points.Select(point => point.Level.Value)]])[0];
        var again = LearningCurve.Fit(
            counts, Enumerable.Range(0, Math.Min(Fitted, _plan.Resamples))
                .Select(at => levels.Select(level => level[at]).ToArray()));
        return Estimate.Of(
            best.Gap(part, people), [.. again.Select(one => one.Gap(part, people))], _confidence);
    }

    // Over the bits that everybody's models need: a language weighs as much as was held out in it.
    private Estimate? Together(Resampled[] known, string arm)
    {
        if (known.Length == 0)
            return null;
        var weights = known.Select(language => language.Bits).ToArray();
        var sum = weights.Sum();
        var resamples = new double[_plan.Resamples];
        var value = 0.0;
        foreach (var (language, weight) in known.Zip(weights))
        {
            value += language.Gap(arm).Value * weight / sum;
            var own = language.Gaps(arm);
            for (var at = 0; at < resamples.Length; at++)
                resamples[at] += own[at] * weight / sum;
        }

        return Estimate.Of(value, resamples, _confidence);
    }

    /// <summary>A language with what it would have been with other people.</summary>
    private sealed class Resampled
    {
        private readonly Dictionary<string, (Estimate Estimate, double[] All)> _gaps = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (Estimate Estimate, double[] All)> _levels = new(StringComparer.Ordinal);

        public Resampled(StudyPlan plan, MeasuredLanguage measured)
        {
            var everybody = measured.Find(MeasuredLanguage.Everybody)!.Bits[0];
            double[] bytes = [.. measured.HeldOutBytes.Select(count => (double)count)];
            Bits = everybody.Sum();
            var half = measured.Find(MeasuredLanguage.Half)!;
            PeopleRatio[] ratios =
            [
                .. measured.Arms.Select(arm => arm.Name == MeasuredLanguage.OtherHalf
                    ? Paired(arm, half) : Ratio(arm, everybody)),
                .. measured.Arms.Select(arm => Ratio(arm, bytes)),
            ];
            var found = Resampling.Of(
                ratios, plan.Resamples, SeededRandom.Of(plan.Seed, "people", measured.Language));
            var confidence = StudyPlan.Number(plan.Confidence);
            foreach (var (arm, at) in measured.Arms.Select((arm, at) => (arm, at)))
            {
                double[] gaps = [.. found[at].Select(ratio => ratio - 1)];
                _gaps[arm.Name] = (Estimate.Of(ratios[at].Value - 1, gaps, confidence), gaps);
                var levels = found[measured.Arms.Count + at];
                _levels[arm.Name] = (
                    Estimate.Of(ratios[measured.Arms.Count + at].Value, levels, confidence), levels);
            }
        }

        /// <summary>What everybody's model needs.</summary>
        public double Bits { get; }

        public Estimate Gap(string arm) => _gaps[arm].Estimate;

        public double[] Gaps(string arm) => _gaps[arm].All;

        public Estimate Level(string arm) => _levels[arm].Estimate;

        public double[] Levels(string arm) => _levels[arm].All;

        private static PeopleRatio Ratio(MeasuredArm arm, double[] over) =>
            new(Mean(arm), over, [.. arm.Bits.Select(bits => bits.Sum() / over.Sum())]);

        private static PeopleRatio Paired(MeasuredArm arm, MeasuredArm other) => new(
            Mean(arm), Mean(other), [.. arm.Bits.Zip(other.Bits, (bits, over) => bits.Sum() / over.Sum())]);

        private static double[] Mean(MeasuredArm arm)
        {
            var mean = new double[arm.Bits[0].Length];
            foreach (var bits in arm.Bits)
            {
                for (var person = 0; person < mean.Length; person++)
                    mean[person] += bits[person] / arm.Bits.Length;
            }

            return mean;
        }
    }
}
