/// A strict reader of TMDL, for what a kit writes: it accepts less than Power BI does, so that a
/// file it accepts is certainly well formed. (The parsers of PyPI accept broken files.)
///
/// Grammar: lines are indented by tabs. An object is `type name` or `type name = expression`; a
/// property is `name: value`, `name` alone for true, or `name =` with an expression that is
/// indented two steps further. A description `///` stands directly above an object.
struct TMDLReader {
  /// An object with its properties and the objects in it.
  final class Object {
    let type: String
    let name: String
    let expression: String?
    var description = ""
    var properties: [String: String] = [:]
    var children: [Object] = []

    init(type: String, name: String, expression: String?) {
      self.type = type
      self.name = name
      self.expression = expression
    }
  }

  private(set) var objects: [Object] = []
  private(set) var problems: [String] = []

  /// The types of objects, with the types that each may lie in; empty for the top level.
  private static let parents: [String: Set<String>] = [
    "database": [""], "model": [""], "table": [""], "expression": [""], "relationship": [""],
    "measure": ["table"], "column": ["table"], "partition": ["table"],
    "annotation": ["", "expression", "table", "column", "measure"],
    "dataAccessOptions": ["model"], "ref": [""],
  ]
  private static let properties: [String: Set<String>] = [
    "database": ["compatibilityLevel"],
    "model": ["culture", "defaultPowerBIDataSourceVersion", "sourceQueryCulture"],
    "dataAccessOptions": ["legacyRedirects", "returnErrorValuesAsNull"],
    "table": ["lineageTag"], "expression": ["lineageTag"],
    "relationship": ["fromColumn", "toColumn"],
    "measure": ["formatString", "displayFolder", "lineageTag"],
    "column": ["dataType", "formatString", "lineageTag", "summarizeBy", "sourceColumn"],
    "partition": ["mode", "source"],
  ]

  init(_ text: String) {
    var open: [Object] = []
    var description: [String] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    if lines.last == "" { lines = lines.dropLast() } else { problems.append("no last newline") }
    while let line = lines.popFirst() {
      if line.isEmpty {
        if !description.isEmpty { problems.append("a description above nothing") }
        continue
      }
      let depth = line.prefix { $0 == "\t" }.count
      let words = String(line.dropFirst(depth))
      if words.first == " " || words.last == " " { problems.append("blanks: \(words)") }
      if words.hasPrefix("///") {
        description.append(String(words.dropFirst(4)))
        continue
      }
      guard depth <= open.count else {
        problems.append("too deep: \(words)")
        continue
      }
      open = Array(open.prefix(depth))
      if let object = Self.object(words) {
        let parent = open.last?.type ?? ""
        if Self.parents[object.type]?.contains(parent) != true {
          problems.append("\(object.type) in \(parent)")
        }
        object.description = description.joined(separator: "\n")
        description = []
        if let parent = open.last { parent.children.append(object) } else { objects.append(object) }
        open.append(object)
        continue
      }
      if !description.isEmpty { problems.append("a description above a property: \(words)") }
      description = []
      guard let owner = open.last, let (name, value) = Self.property(words),
        Self.properties[owner.type]?.contains(name) == true
      else {
        problems.append("neither object nor property: \(words)")
        continue
      }
      var text = value
      if words.hasSuffix(" =") {
        // Deeper than the property, which itself is one step deeper than its object.
        let margin = String(repeating: "\t", count: depth + 2)
        var block: [String] = []
        while let next = lines.first, next.hasPrefix(margin) {
          block.append(String(next.dropFirst(margin.count)))
          lines.removeFirst()
        }
        if block.isEmpty { problems.append("no expression: \(words)") }
        text = block.joined(separator: "\n")
      }
      if owner.properties.updateValue(text, forKey: name) != nil {
        problems.append("twice: \(name) of \(owner.name)")
      }
    }
    if !description.isEmpty { problems.append("a description above nothing") }
  }

  private static func object(_ words: String) -> Object? {
    let type = String(words.prefix { $0.isLetter })
    guard parents[type] != nil else { return nil }
    var rest = words.dropFirst(type.count)
    if rest.isEmpty { return Object(type: type, name: "", expression: nil) }
    guard rest.first == " " else { return nil }
    rest = rest.dropFirst()
    if type == "ref" {
      guard rest.hasPrefix("table ") else { return nil }
      rest = rest.dropFirst(6)
    }
    guard let (name, after) = name(rest) else { return nil }
    guard !after.isEmpty else { return Object(type: type, name: name, expression: nil) }
    guard after.hasPrefix(" = "), after.count > 3 else { return nil }
    return Object(type: type, name: name, expression: String(after.dropFirst(3)))
  }

  /// A name, in quotes or without, and what follows it.
  private static func name(_ text: Substring) -> (String, Substring)? {
    guard text.first == "'" else {
      let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
      return name.isEmpty ? nil : (String(name), text.dropFirst(name.count))
    }
    var name = ""
    var rest = text.dropFirst()
    while let next = rest.popFirst() {
      if next != "'" {
        name.append(next)
      } else if rest.first == "'" {
        name.append("'")
        rest.removeFirst()
      } else {
        return name.isEmpty ? nil : (name, rest)
      }
    }
    return nil
  }

  private static func property(_ words: String) -> (String, String)? {
    let name = String(words.prefix { $0.isLetter })
    let rest = words.dropFirst(name.count)
    guard !name.isEmpty else { return nil }
    if rest.isEmpty || rest == " =" { return (name, "") }
    guard rest.hasPrefix(": "), rest.count > 2 else { return nil }
    return (name, String(rest.dropFirst(2)))
  }
}
