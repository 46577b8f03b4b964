internal import MariaDBClient
package import PayopsCore

/// A page of the dashboard: blocks of rows of published views, and a sentence made from them.
package struct PageDefinition: Sendable {
  /// A choice that the address of the page has.
  package struct Parameter: Sendable {
    /// Its name.
    package let name: String
    /// The values it may have; empty for any.
    package let values: [String]
    /// The value when the address has none.
    package let usual: String

    init(_ name: String, values: [String] = [], usual: String) {
      self.name = name
      self.values = values
      self.usual = usual
    }
  }

  /// Blocks under a heading.
  package struct Section: Sendable {
    package let name: String
    package let title: String
    package let blocks: [PageBlock]

    init(_ name: String, _ title: String, _ blocks: [PageBlock]) {
      self.name = name
      self.title = title
      self.blocks = blocks
    }

    /// Whether it is about something that the address does not name, such as one customer.
    package func isIdle(_ values: [String: String]) -> Bool {
      let needs = blocks.compactMap(\.needs)
      return !needs.isEmpty && needs.allSatisfy { (values[$0.parameter] ?? "").isEmpty }
    }
  }

  /// How things are, in one sentence.
  package struct Summary: Sendable, Equatable {
    /// A tone: good, info, warning, critical, severe, or unknown when it could not be read.
    package let tone: String
    package let text: String

    init(_ tone: String, _ text: String) {
      self.tone = tone
      self.text = text
    }
  }

  /// Its name in addresses.
  package let name: String
  /// Its heading.
  package let title: String
  /// The question that it answers.
  package let question: String
  package let parameters: [Parameter]
  package let sections: [Section]
  /// Whether it shows runs of jobs or imports, so that it changes whenever one begins or ends.
  package let showsJobs: Bool
  /// Whether the navigation has it; a page that only shows rows behind a number is left out.
  package let isListed: Bool
  /// Makes the sentence from the blocks that could be read.
  let summarize: @Sendable (PageTables) -> Summary

  init(
    _ name: String, title: String, question: String, parameters: [Parameter] = [],
    showsJobs: Bool = false, isListed: Bool = true, sections: [Section],
    summarize: @escaping @Sendable (PageTables) -> Summary
  ) {
    self.name = name
    self.title = title
    self.question = question
    self.parameters = parameters
    self.sections = sections
    self.showsJobs = showsJobs
    self.isListed = isListed
    self.summarize = summarize
  }

  /// All pages, in the order of the navigation.
  package static let all: [PageDefinition] = [
    .overview, .monitor, .backlog, .alerts, .risk, .customers, .operations, .payments,
    .settlements,
  ]

  /// The values of the parameters, the usual one for each that is absent.
  ///
  /// - Parameter given: values by name; others are refused
  /// - Throws: ``Fault`` for an unknown parameter or value
  package func values(_ given: [(name: String, value: String)]) throws(Fault) -> [String: String] {
    var values = Dictionary(
      parameters.map { ($0.name, $0.usual) }, uniquingKeysWith: { first, _ in first })
    for (name, value) in given {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw .usage(
          "the page \(self.name) has no parameter '\(name)'",
          hint: parameters.isEmpty
            ? "it has none" : "it has " + parameters.map(\.name).joined(separator: ", "))
      }
      guard parameter.values.isEmpty || parameter.values.contains(value) else {
        throw .usage("\(name) is one of \(parameter.values.joined(separator: ", "))")
      }
      values[name] = value
    }
    return values
  }
}
