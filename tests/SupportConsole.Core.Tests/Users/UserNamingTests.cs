using SupportConsole.Core.Users;

namespace SupportConsole.Core.Tests.Users;

public sealed class UserNamingTests
{
    [Theory]
    [InlineData("Ada L.", "displayName=Ada L.")]
    [InlineData("Ada Lovelace", "full_name=Ada Lovelace", "username=ada")]
    [InlineData("Ada Lovelace", "firstName=Ada", "lastName=Lovelace")]
    [InlineData("Ada Lovelace", "first_name=Ada", "last_name=Lovelace", "bio=Counts")]
    [InlineData("Ada Lovelace", "secondname=Augusta", "firstname=Ada", "lastname=Lovelace")]
    [InlineData("Ada Lovelace", "nombre=Ada", "apellidos=Lovelace")]
    [InlineData("Ada Lovelace", "vorname=Ada", "nachname=Lovelace")]
    [InlineData("Lovelace", "firstName=", "lastName=Lovelace")]
    [InlineData("Ada", "nome=Ada", "telefone=+55")]
    [InlineData("Ada", "name=\u200B", "nickname=Ada")]
    [InlineData("ada", "name=\u200B\u2800", "username=ada", "email@=ada@example.test")]
    [InlineData("ada@example.test", "name=\u3164", "username= \u202E", "email@=ada@example.test")]
    [InlineData("", "name=", "username=\u115F\u1160", "email@=")]
    [InlineData("ada", "username=ada", "bio=Counts")]
    [InlineData("Room 3", "label*=Room 3", "bio=Counts")]
    [InlineData("ada@example.test", "bio=Counts", "email@=ada@example.test")]
    [InlineData("", "bio=Counts")]
    public void Somebody_is_called_by_what_is_there(string name, params string[] record)
    {
        var values = record.Select(field => field.Split('=', 2)).ToDictionary(field => field[0].TrimEnd('*', '@'), field => field[1]);
        var naming = UserNaming.For([.. record.Select(field => field.Split('=', 2)[0])
            .Select(field => new NamingField(field.TrimEnd('*', '@'), field.EndsWith('@'), field.EndsWith('*')))]);

        Assert.Equal(name, naming.NameOf(field => values[field]));
    }

    [Fact]
    public void An_administrators_order_counts()
    {
        var naming = UserNaming.InOrder([new("email", true, false), new("phone", false, false), new("name", false, false)]);

        Assert.Equal("0123", naming.NameOf(field => field switch { "phone" => "0123", "name" => "Ada", _ => "ada@example.test" }));
    }
}
