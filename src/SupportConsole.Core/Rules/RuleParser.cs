using System.Diagnostics.CodeAnalysis;
using System.Text;
using SupportConsole.Core.Users;

namespace SupportConsole.Core.Rules;

/// <summary>
/// Reads PocketBase's rule language, as its own parser does (fexpr 0.5 up to server 0.39.8, fexpr 0.6 from 0.39.9): <c>&amp;&amp;</c> binds closer than
/// <c>||</c>, since PocketBase hands both to SQL as they stand. It says how a rule is built, and never what it comes to. Whether the names in it are
/// there, PocketBase says; and a rule with a NUL in it, which ends some things to PocketBase and not others, is none.
/// </summary>
public ref struct RuleParser
{
    /// <summary>Brackets within brackets beyond which nobody reads a rule; PocketBase takes rules of some thousand characters.</summary>
    public const int MaxDepth = 200;

    // PocketBase's own limit.
    private const int MaxFunctions = 3;

    private static readonly string[] s_operators = ["=", "!=", ">", ">=", "<", "<=", "~", "!~"];

    private static readonly HashSet<string> s_macros = new(StringComparer.Ordinal)
    {
        "@now", "@yesterday", "@tomorrow", "@second", "@minute", "@hour", "@weekday", "@day", "@month", "@year", "@todayStart", "@todayEnd",
        "@monthStart", "@monthEnd", "@yearStart", "@yearEnd",
    };

    private readonly string _rule;
    private readonly FilterGrammar _grammar;
    private readonly Func<RuleOperand, bool> _isMany;
    private int _at;

    // Of the rule, or of the brackets that are being read.
    private int _end;

    private RuleParser(string rule, FilterGrammar grammar, Func<RuleOperand, bool> isMany)
    {
        _rule = rule;
        _grammar = grammar;
        _isMany = isMany;
        _end = rule.Length;
    }

    /// <summary>Reads a rule.</summary>
    /// <param name="rule">As PocketBase keeps it.</param>
    /// <param name="grammar">How the server reads filters.</param>
    /// <param name="tree">How it is built.</param>
    /// <param name="fault">Why it can't be read.</param>
    /// <param name="isMany">
    /// Whether the path of an operand can lead to several rows, by the app's schema. Where that isn't known, every path can: then more parts are taken
    /// for one condition, and none is decided apart that mustn't be.
    /// </param>
    public static bool TryParse(
        string rule, FilterGrammar grammar, [NotNullWhen(true)] out RuleNode? tree, [NotNullWhen(false)] out RuleFault? fault,
        Func<RuleOperand, bool>? isMany = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var parser = new RuleParser(rule, grammar, isMany ?? (_ => true));
        try
        {
            if (rule.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul)
            {
                throw new UnreadableException(new RuleFault("A rule has no NUL in it.", nul));
            }

            parser.SkipBlank();
            tree = parser._at == parser._end ? throw parser.Fault("The rule says nothing.") : parser.ReadAll(0);
            fault = null;
            return true;
        }
        catch (UnreadableException unreadable)
        {
            tree = null;
            fault = unreadable.Fault;
            return false;
        }
    }

    private RuleNode ReadAll(int depth)
    {
        List<List<RuleNode>> choices = [[]];
        var isChoice = false;
        while (true)
        {
            var part = ReadPart(depth);
            if (isChoice)
            {
                choices.Add([]);
            }

            choices[^1].Add(part);
            SkipBlank();
            if (_at == _end)
            {
                List<RuleNode> joined = [];
                foreach (var all in choices)
                {
                    joined.Add(Joined(RuleJoin.And, all));
                }

                return Joined(RuleJoin.Or, joined);
            }

            // Brackets that follow without a word are joined as what stands before them is (measured, 0.36.8 to 0.40.4).
            if (!IsAtBracket())
            {
                isChoice = TryTake("||");
                if (!isChoice && !TryTake("&&"))
                {
                    throw Fault("&& or || is missing.");
                }
            }
        }
    }

    private readonly RuleNode Joined(RuleJoin join, IReadOnlyList<RuleNode> parts)
    {
        // A group within one of its own kind says nothing more than its parts.
        RuleNode[] flat = [.. parts.SelectMany(part => part is RuleGroup { IsLinked: false } group && group.Join == join ? group.Parts : [part])];
        return flat switch
        {
            [var one] => one,
            _ => join == RuleJoin.And ? RuleLinks.Link(flat, _isMany) : new RuleGroup(join, flat),
        };
    }

    // Where brackets stand in a comparison, PocketBase forgets what it has read of that, and takes the brackets (measured, 0.36.8 to 0.40.4).
    private RuleNode ReadPart(int depth)
    {
        if (IsAtBracket())
        {
            return ReadBrackets(depth);
        }

        if (_at == _end)
        {
            throw Fault("A comparison is missing.");
        }

        var left = ReadOperand(0);
        if (IsAtBracket())
        {
            return ReadBrackets(depth);
        }

        var comparison = ReadOperator();
        return IsAtBracket() ? ReadBrackets(depth) : new RuleClause(left, comparison, ReadOperand(0));
    }

    private RuleNode ReadBrackets(int depth)
    {
        if (depth == MaxDepth)
        {
            throw Fault("The brackets are nested too deeply to be explained.");
        }

        var outer = _end;
        _end = EndOfBrackets();
        _at++;
        var all = ReadAll(depth + 1);
        (_at, _end) = (_end + 1, outer);
        return all;
    }

    // PocketBase looks for the end of brackets first, without a thought for comments: a quote or a bracket in one counts.
    private int EndOfBrackets()
    {
        var opened = _at;
        var open = 0;
        while (_at < _end)
        {
            switch (_rule[_at])
            {
                case '"' or '\'':
                    ReadText();
                    continue;
                case '(':
                    open++;
                    break;
                case ')' when --open == 0:
                    var end = _at;
                    _at = opened;
                    return end;
            }

            _at++;
        }

        throw new UnreadableException(new RuleFault("This bracket isn't closed.", opened));
    }

    private string ReadOperator()
    {
        var start = _at;
        while (_at < _end && _rule[_at] is '=' or '!' or '<' or '>' or '~' or '?')
        {
            _at++;
        }

        var comparison = _rule[start.._at];
        if (s_operators.Contains(comparison is ['?', ..] ? comparison[1..] : comparison))
        {
            return comparison;
        }

        _at = start;
        throw Fault(comparison.Length == 0 ? "An operator is missing: =, !=, >, >=, <, <=, ~ or !~." : $"There is no operator {comparison}.");
    }

    private RuleOperand ReadOperand(int functions)
    {
        var start = _at;
        if (_at == _end)
        {
            throw Fault("A value is missing.");
        }

        var first = _rule[_at];
        if (first is '"' or '\'')
        {
            var value = ReadText();
            return new RuleOperand(RuleOperandKind.Text, _rule[start.._at], [], Value: value);
        }

        if (char.IsAsciiDigit(first) || first == '-')
        {
            return ReadNumber();
        }

        if (!char.IsAsciiLetter(first) && first is not ('_' or '@' or '#'))
        {
            throw Fault($"“{VisibleText.Shortened(_rule[start..], 20)}” can't stand here.");
        }

        _at++;
        while (_at < _end && (char.IsAsciiLetterOrDigit(_rule[_at]) || _rule[_at] is '_' or '.' or ':'))
        {
            _at++;
        }

        var name = _rule[start.._at];
        if (name is "_" or "@" or "#" or [.., '.' or ':'])
        {
            throw new UnreadableException(new RuleFault($"{name} is no name.", start));
        }

        return _at < _end && _rule[_at] == '(' ? ReadFunction(name, functions) : ToField(name, start);
    }

    private RuleOperand ReadNumber()
    {
        var start = _at++;
        for (var isWhole = true; _at < _end && (char.IsAsciiDigit(_rule[_at]) || (_rule[_at] == '.' && isWhole)); _at++)
        {
            isWhole &= _rule[_at] != '.';
        }

        var number = _rule[start.._at];
        return number is "-" or [.., '.']
            ? throw new UnreadableException(new RuleFault($"{number} is no number.", start))
            : new RuleOperand(RuleOperandKind.Number, number, []);
    }

    private RuleOperand ReadFunction(string name, int functions)
    {
        if (functions == MaxFunctions)
        {
            throw Fault("The functions are nested too deeply.");
        }

        _at++;
        List<RuleOperand> arguments = [];
        var isNext = true;
        while (true)
        {
            SkipBlank();
            if (TryTake(")"))
            {
                // Written anew, since what it is read from may have comments in it.
                return new RuleOperand(RuleOperandKind.Function, $"{name}({string.Join(", ", arguments.Select(argument => argument.Text))})", [], Arguments: arguments);
            }

            if (isNext)
            {
                arguments.Add(ReadOperand(functions + 1));
            }
            else if (!TryTake(","))
            {
                throw Fault($"A comma or the closing bracket of {name}() is missing.");
            }

            isNext = !isNext;
        }
    }

    private static RuleOperand ToField(string text, int start)
    {
        if (s_macros.Contains(text))
        {
            return new RuleOperand(RuleOperandKind.Macro, text, []);
        }

        if (text.ToUpperInvariant() is "TRUE" or "FALSE" or "NULL")
        {
            return new RuleOperand(RuleOperandKind.Constant, text, [text]);
        }

        var path = text.Split('.');
        var colon = path[^1].IndexOf(':', StringComparison.Ordinal);
        var modifier = colon < 0 || (path.Length < 3 && path[0] == "@collection") ? "" : path[^1][(colon + 1)..];
        if (modifier.Length > 0)
        {
            path[^1] = path[^1][..colon];
        }

        return path switch
        {
            ["@collection", var collection, _, ..] when IsCollection(collection) => new RuleOperand(RuleOperandKind.Collection, text, path[1..], modifier),
            ["@request", "auth", _, ..] => new RuleOperand(RuleOperandKind.Auth, text, path[2..], modifier),
            ["@request", "method" or "context"] when modifier.Length == 0 => new RuleOperand(RuleOperandKind.RequestKind, text, path[1..], modifier),
            ["@request", "headers" or "query" or "body", _, ..] => new RuleOperand(RuleOperandKind.Request, text, path[1..], modifier),
            [['@', ..], ..] => throw new UnreadableException(new RuleFault($"PocketBase knows no {text}.", start)),
            _ => new RuleOperand(RuleOperandKind.Field, text, path, modifier),
        };
    }

    // A name or an id, and perhaps an alias.
    private static bool IsCollection(string text) => text.Split(':') is [{ Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }];

    private string ReadText()
    {
        var quote = _rule[_at];
        var start = _at++;
        var text = new StringBuilder();
        for (; _at < _end; _at++)
        {
            var c = _rule[_at];
            if (c == '\\' && _at + 1 < _end && Escaped(_rule[_at + 1], quote) is { } meant)
            {
                text.Append(meant);
                _at++;
            }
            else if (c == quote)
            {
                _at++;
                return text.ToString();
            }
            else
            {
                text.Append(c);
            }
        }

        throw new UnreadableException(new RuleFault("This text isn't closed.", start));
    }

    // To the older grammar a quote after any backslash is part of the text, and nothing else is escaped.
    private readonly char? Escaped(char c, char quote) => (_grammar, c) switch
    {
        (_, _) when c == quote => quote,
        (FilterGrammar.Modern, '\\') => '\\',
        (FilterGrammar.Modern, 'n') => '\n',
        (FilterGrammar.Modern, 'r') => '\r',
        (FilterGrammar.Modern, 't') => '\t',
        _ => null,
    };

    private void SkipBlank()
    {
        while (_at < _end)
        {
            if (_rule[_at] is ' ' or '\t' or '\n')
            {
                _at++;
            }
            else if (_rule.AsSpan(_at, _end - _at).StartsWith("//", StringComparison.Ordinal))
            {
                _at = _rule.IndexOf('\n', _at, _end - _at) is >= 0 and var end ? end + 1 : _end;
            }
            else
            {
                return;
            }
        }
    }

    private bool IsAtBracket()
    {
        SkipBlank();
        return _at < _end && _rule[_at] == '(';
    }

    private bool TryTake(string expected)
    {
        if (!_rule.AsSpan(_at, _end - _at).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    private readonly UnreadableException Fault(string sentence) => new(new RuleFault(sentence, _at));

#pragma warning disable CA1032, CA1064 // Never leaves this file.
    private sealed class UnreadableException(RuleFault fault) : Exception(fault.Sentence)
#pragma warning restore CA1032, CA1064
    {
        public RuleFault Fault { get; } = fault;
    }
}
