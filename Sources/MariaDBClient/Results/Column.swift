/// One column of a result.
package struct Column: Sendable, Equatable {
  /// Name or alias in the statement.
  package let name: String
  /// SQL type in lower case, such as `bigint` or `varchar`.
  package let typeName: String
  /// Whether values are numbers.
  package let isNumeric: Bool
  /// The most characters of a value by the declaration of the column; nil unless it is a text.
  package let characters: Int?

  /// Describes a column.
  package init(name: String, typeName: String, isNumeric: Bool, characters: Int? = nil) {
    self.name = name
    self.typeName = typeName
    self.isNumeric = isNumeric
    self.characters = characters
  }
}
