namespace Aval.Studies;

/// <inheritdoc/>
internal sealed class StudyWordsFrench : StudyWords
{
    public override string Title => "Nécessité";

    public override string Found => "Résultats";

    public override string WhoConsented => "Ceux qui consentent ne sont pas une part tirée au sort";

    public override string DoesNotFollow => "Ce qui n’en découle pas";

    public override string Origin => "Origine";

    public override string Limits =>
        "Les modèles sont petits et tous du même type (Kneser-Ney modifié interpolé) : ils montrent ce que les textes "
        + "de personnes supplémentaires apportent à la prévision des textes d’autrui. Ils ne montrent pas ce qu’un "
        + "grand modèle en ferait : il apprend autre chose des mêmes textes, en lit d’autres, et peut demander plus ou "
        + "moins de personnes. Un écart constaté dit que les textes de ces personnes ne sont pas interchangeables à "
        + "cette taille ; l’absence d’écart dit que rien ne manquait pour cette tâche. Ni l’un ni l’autre n’est une "
        + "appréciation juridique.";

    public override string CannotWeigh =>
        "Sont pris en compte la langue, le pays, la tranche d’âge et l’activité. Ce que personne n’a enregistré ne "
        + "peut l’être : de quoi les personnes parlent, comment, ce qu’elles pensent, et pourquoi elles ont dit oui.";

    public override string Extrapolated =>
        "L’écart à la taille de la plateforme est celui d’une courbe ajustée aux mesures (plancher + échelle · "
        + "personnes^−taux) ; il ne vaut que si la courbe se poursuit au-delà, ce que rien ici ne montre.";

    public override string ShowsNothing => "Un contrôle a échoué : cette étude ne montre rien.";

    public override string Of(Verdict verdict) => verdict switch
    {
        Verdict.Sufficient => "suffisant",
        Verdict.Insufficient => "insuffisant",
        Verdict.NotShown => "non démontré à cette taille",
    };

    public override string Asked(StudyResult result) =>
        $"Sur les {Count(result.People)} personnes de la version {result.Release}, {Count(result.HeldOutPeople)} ont "
        + "été mises de côté avec tout ce qu’elles ont écrit. Des modèles ont lu les textes de parts des autres, "
        + "tirées au sort par personne ; les textes mis de côté disent à quel point chacun prévoit ce que les gens "
        + $"écrivent. {Count(result.ConsentingPeople)} personnes ont consenti.";

    public override string Joint(
        string share, Verdict verdict, IReadOnlyList<string> sufficient, IReadOnlyList<string> insufficient,
        IReadOnlyList<string> notShown) =>
        $"{share} des personnes, dans toutes les langues étudiées : {Of(verdict)}.{Some("Suffisant en", sufficient)}"
        + $"{Some("Insuffisant en", insufficient)}{Some("Non démontré à cette taille en", notShown)}";

    public override string Margin(StudyResult result) =>
        $"Suffisant signifie : au plus {Percent(StudyPlan.Number(result.Plan.Margin))} de bits de plus qu’avec tout le "
        + $"monde, au niveau de confiance de {Percent(StudyPlan.Number(result.Plan.Confidence))} (chaque langue avec "
        + "la correction de Holm). Une langue dans laquelle un écart de "
        + $"{Percent(StudyPlan.Number(result.Plan.SmallestGap))} n’aurait pu être trouvé avec une probabilité de "
        + $"{Percent(StudyPlan.Number(result.Plan.Power))} ne démontre rien.";

    public override string Exploratory(Standing standing) =>
        $"Exploratoire : un résultat sur les mêmes personnes (entrée {Count(standing.EarlierResult ?? 0)}) existait "
        + $"avant ce plan (entrée {Count(standing.PlanEntry)}).";

    public override string Weighed(StudyResult result) =>
        "Les modèles de ceux qui ont consenti sont comparés à autant de personnes tirées au sort, et à autant de "
        + "personnes tirées de sorte qu’elles leur ressemblent par pays, tranche d’âge et activité, langue par langue. "
        + $"{Count(result.Composition.Unreached)} personnes sont d’un genre dont personne n’a consenti : aucune "
        + $"pondération ne parle pour elles. {Count(result.Composition.Alone)} personnes qui ont consenti sont seules "
        + $"de leur genre. Pour {Count(result.Composition.Unknown)}, le pays ou l’âge est inconnu.";

    public override string Compared(string language, string consenting, string asMany, string alike) =>
        $"{language} : écart de ceux qui ont consenti {consenting} ; d’autant de personnes tirées au sort {asMany} ; "
        + $"d’autant de personnes semblables {alike}.";

    public override string OriginOf(StudyResult result) =>
        $"Plan {result.Plan.Sha256}, entrée {Count(result.Standing.PlanEntry)} du registre ; version {result.Release}, "
        + $"manifeste {result.Manifest}.";
}
