import Foundation

/// How the files of a source become rows: read from JSON, checked before anything is imported.
///
/// One mapping may describe several files of a source; the header of the file decides which
/// description applies.
package struct Mapping: Sendable, Equatable, Codable {
  /// The version of the format that this program understands.
  package static let currentVersion = 1

  /// Version of the format; 1.
  package var version: Int
  /// Name of the mapping: letters, digits, `-`, `_` and `.`.
  package var name: String
  /// Source system under which natural keys are kept; the name of the mapping when absent.
  package var source: String?
  /// What the mapping is for, in words.
  package var description: String?
  /// The kinds of file.
  package var files: [FileMapping]

  /// The source system when the caller names none.
  package var defaultSource: String { source ?? name }

  /// Reads a mapping from JSON.
  ///
  /// - Parameters:
  ///   - json: the text.
  ///   - label: what to call the mapping in messages, such as its file.
  /// - Throws: ``ImportError`` when the text is not a mapping or contradicts itself.
  package init(json: [UInt8], label: String) throws(ImportError) {
    do {
      self = try JSONDecoder().decode(Mapping.self, from: Data(json))
    } catch let error as DecodingError {
      throw ImportError(.badMapping, "mapping \(label): \(Self.explain(error))")
    } catch {
      throw ImportError(.badMapping, "mapping \(label) is not JSON")
    }
    try check(label: label)
  }

  private func check(label: String) throws(ImportError) {
    func fail(_ what: String) -> ImportError {
      ImportError(.badMapping, "mapping \(label): \(what)")
    }
    guard version == Self.currentVersion else {
      throw fail("version \(version) is not known; this program reads version 1")
    }
    for (text, what, limit) in [(name, "name", 64), (defaultSource, "source", 40)] {
      guard Self.isName(text, limit: limit) else {
        throw fail("the \(what) must be 1 to \(limit) letters, digits, -, _ or .")
      }
    }
    guard !files.isEmpty else { throw fail("it describes no file") }
    for file in files { try file.check(label: label) }
  }

  /// Whether a text is a valid name of a mapping or a source.
  package static func isName(_ text: String, limit: Int) -> Bool {
    !text.isEmpty && text.utf8.count <= limit
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
          || (0x61...0x7a).contains(byte) || byte == 0x2d || byte == 0x5f || byte == 0x2e
      }
  }

  private static func explain(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return keys.isEmpty ? "the top level" : keys.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "key \(key.stringValue) is missing at \(path(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the value at \(path(context)) has the wrong type"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "it is not JSON" : "the value at \(path(context)) is not allowed"
    @unknown default: return "it cannot be read"
    }
  }
}
