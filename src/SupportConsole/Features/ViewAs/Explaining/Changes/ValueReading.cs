namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>What one side of a comparison reads in the app's data.</summary>
/// <param name="Places">The fields it ends in; none where it ends in no field.</param>
/// <param name="Form">How it reads them.</param>
/// <param name="Values">What it comes to, each as text; null where that can't be told exactly.</param>
/// <param name="IsChanged">Whether some change has, or may have, to do with it.</param>
/// <param name="IsMany">Whether it leads to several values, of which each counts by itself.</param>
internal sealed record ValueReading(IReadOnlyList<ValuePlace> Places, ValueForm Form, IReadOnlyList<string>? Values, bool IsChanged, bool IsMany)
{
    public static ValueReading Nothing { get; } = new([], ValueForm.Whole, null, false, false);
}
