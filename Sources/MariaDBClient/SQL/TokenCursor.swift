/// Reads the tokens of a statement in order.
package struct TokenCursor {
  private let tokens: [SQLToken]
  private var position = 0

  /// Starts at the first token.
  package init(_ tokens: [SQLToken]) { self.tokens = tokens }

  /// Whether no token is left.
  package var isAtEnd: Bool { position == tokens.count }

  /// The remaining tokens.
  package var rest: ArraySlice<SQLToken> { tokens[position...] }

  /// Takes a token; nil at the end.
  package mutating func next() -> SQLToken? {
    guard position < tokens.count else { return nil }
    position += 1
    return tokens[position - 1]
  }

  /// Takes keywords that follow each other, all or none.
  package mutating func take(_ keywords: String...) -> Bool {
    guard position + keywords.count <= tokens.count,
      zip(tokens[position...], keywords).allSatisfy({ $0.keyword == $1 })
    else { return false }
    position += keywords.count
    return true
  }

  /// Takes a character.
  package mutating func take(mark: Character) -> Bool {
    guard position < tokens.count, tokens[position] == .mark(mark) else { return false }
    position += 1
    return true
  }

  /// Takes a name in quotes.
  package mutating func takeName(_ name: String) -> Bool {
    guard position < tokens.count, tokens[position] == .name(name) else { return false }
    position += 1
    return true
  }

  /// Takes a token that may name an object.
  package mutating func takeIdentifier() -> String? {
    guard position < tokens.count, let name = tokens[position].identifier else { return nil }
    position += 1
    return name
  }

  /// Takes a word without quotes.
  package mutating func takeWord() -> String? {
    guard position < tokens.count, case .word(let word) = tokens[position] else { return nil }
    position += 1
    return word
  }

  /// Takes a number.
  package mutating func takeNumber() -> Bool {
    guard position < tokens.count, case .number = tokens[position] else { return false }
    position += 1
    return true
  }

  /// Takes an account: `user@host`, each in quotes or not, or CURRENT_USER.
  package mutating func takeAccount() -> Bool {
    guard takeIdentifier() != nil else { return false }
    if position < tokens.count, case .variable = tokens[position] {
      position += 1
      // A host without quotes may have hyphens.
      while take(mark: "-") || take(mark: "%") { _ = takeIdentifier() }
    } else if take(mark: "(") {
      return take(mark: ")")
    }
    return true
  }
}
