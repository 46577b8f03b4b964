/// Goes through the tokens of a statement.
struct TokenCursor {
  private let tokens: [SQLToken]
  private var position = 0

  init(_ tokens: [SQLToken]) { self.tokens = tokens }

  var isAtEnd: Bool { position == tokens.count }

  /// What is left.
  var rest: ArraySlice<SQLToken> { tokens[position...] }

  mutating func next() -> SQLToken? {
    guard position < tokens.count else { return nil }
    position += 1
    return tokens[position - 1]
  }

  /// Takes keywords that follow each other, all or none.
  mutating func take(_ keywords: String...) -> Bool {
    guard position + keywords.count <= tokens.count,
      zip(tokens[position...], keywords).allSatisfy({ $0.keyword == $1 })
    else { return false }
    position += keywords.count
    return true
  }

  mutating func take(mark: Character) -> Bool {
    guard position < tokens.count, tokens[position] == .mark(mark) else { return false }
    position += 1
    return true
  }

  /// Takes a name in quotes.
  mutating func takeName(_ name: String) -> Bool {
    guard position < tokens.count, tokens[position] == .name(name) else { return false }
    position += 1
    return true
  }

  mutating func takeIdentifier() -> String? {
    guard position < tokens.count, let name = tokens[position].identifier else { return nil }
    position += 1
    return name
  }

  mutating func takeWord() -> String? {
    guard position < tokens.count, case .word(let word) = tokens[position] else { return nil }
    position += 1
    return word
  }

  mutating func takeNumber() -> Bool {
    guard position < tokens.count, case .number = tokens[position] else { return false }
    position += 1
    return true
  }

  /// Takes an account: `user@host`, each in quotes or not, or CURRENT_USER.
  mutating func takeAccount() -> Bool {
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
