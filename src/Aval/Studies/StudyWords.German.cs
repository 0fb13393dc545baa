namespace Aval.Studies;

/// <inheritdoc/>
internal sealed class StudyWordsGerman : StudyWords
{
    public override string Title => "Erforderlichkeit";

    public override string Found => "Was herauskam";

    public override string WhoConsented => "Wer einwilligt, ist kein zufälliger Anteil";

    public override string DoesNotFollow => "Was daraus nicht folgt";

    public override string Origin => "Herkunft";

    public override string Limits =>
        "Die Modelle sind klein und alle von einer Art (interpoliertes modifiziertes Kneser-Ney): Sie zeigen, wie viel "
        + "die Texte weiterer Menschen dazu beitragen, die Texte anderer vorherzusagen. Sie zeigen nicht, was ein "
        + "großes Modell damit täte: Es lernt anderes aus denselben Texten, liest andere daneben und kann mehr oder "
        + "weniger Menschen brauchen. Ein Abstand sagt, dass die Texte dieser Menschen in dieser Größe nicht "
        + "austauschbar sind; kein Abstand sagt, dass für diese Aufgabe nichts fehlte. Keines von beiden ist ein "
        + "rechtliches Urteil.";

    public override string CannotWeigh =>
        "Gewichtet werden Sprache, Land, Altersgruppe und Aktivität. Was niemand festgehalten hat, lässt sich nicht "
        + "gewichten: worüber Menschen schreiben, wie, was sie denken und warum sie ja gesagt haben.";

    public override string Extrapolated =>
        "Der Abstand in der Größe der Plattform ist der einer Kurve, die an die Messungen angepasst wurde (Sockel + "
        + "Höhe · Menschen^−Rate); er gilt nur, wenn sich die Kurve fortsetzt, was hier nichts zeigt.";

    public override string ShowsNothing => "Eine Kontrolle ist fehlgeschlagen: Diese Studie zeigt nichts.";

    public override string Of(Verdict verdict) => verdict switch
    {
        Verdict.Sufficient => "ausreichend",
        Verdict.Insufficient => "nicht ausreichend",
        Verdict.NotShown => "in dieser Größe nicht gezeigt",
    };

    public override string Asked(StudyResult result) =>
        $"Von den {Count(result.People)} Menschen in der Fassung {result.Release} wurden {Count(result.HeldOutPeople)} "
        + "mit allem, was sie geschrieben haben, beiseitegelassen. Modelle haben die Texte von Anteilen der übrigen "
        + "gelesen, die nach Personen ausgelost wurden; die beiseitegelassenen Texte sagen, wie gut jedes vorhersagt, "
        + $"was Menschen schreiben. {Count(result.ConsentingPeople)} Menschen haben eingewilligt.";

    public override string Joint(
        string share, Verdict verdict, IReadOnlyList<string> sufficient, IReadOnlyList<string> insufficient,
        IReadOnlyList<string> notShown) =>
        $"{share} der Menschen, in allen untersuchten Sprachen: {Of(verdict)}.{Some("Ausreichend in", sufficient)}"
        + $"{Some("Nicht ausreichend in", insufficient)}{Some("In dieser Größe nicht gezeigt in", notShown)}";

    public override string Margin(StudyResult result) =>
        $"Ausreichend heißt: höchstens {Percent(StudyPlan.Number(result.Plan.Margin))} mehr Bits als mit allen, bei "
        + $"einer Sicherheit von {Percent(StudyPlan.Number(result.Plan.Confidence))} (einzelne Sprachen mit Holms "
        + $"Korrektur). Eine Sprache, in der ein Abstand von {Percent(StudyPlan.Number(result.Plan.SmallestGap))} "
        + $"nicht mit einer Wahrscheinlichkeit von {Percent(StudyPlan.Number(result.Plan.Power))} gefunden worden "
        + "wäre, zeigt nichts.";

    public override string Exploratory(Standing standing) =>
        $"Explorativ: Ein Ergebnis über dieselben Menschen (Eintrag {Count(standing.EarlierResult ?? 0)}) gab es schon "
        + $"vor diesem Plan (Eintrag {Count(standing.PlanEntry)}).";

    public override string Weighed(StudyResult result) =>
        "Neben den Modellen derer, die eingewilligt haben, stehen solche von ebenso vielen zufällig ausgelosten und "
        + "von ebenso vielen, die so ausgelost wurden, dass sie ihnen nach Land, Altersgruppe und Aktivität gleichen, "
        + $"Sprache für Sprache. {Count(result.Composition.Unreached)} Menschen sind von einer Art, von der niemand "
        + $"eingewilligt hat: Keine Gewichtung spricht für sie. {Count(result.Composition.Alone)}, die eingewilligt "
        + $"haben, sind von einer Art, von der sonst niemand ist. Von {Count(result.Composition.Unknown)} sind Land "
        + "oder Alter unbekannt.";

    public override string Compared(string language, string consenting, string asMany, string alike) =>
        $"{language}: Abstand derer, die eingewilligt haben, {consenting}; von ebenso vielen Ausgelosten {asMany}; von "
        + $"ebenso vielen, die ihnen gleichen, {alike}.";

    public override string OriginOf(StudyResult result) =>
        $"Plan {result.Plan.Sha256}, Eintrag {Count(result.Standing.PlanEntry)} des Registers; Fassung "
        + $"{result.Release}, Manifest {result.Manifest}.";
}
