/// Why a request is refused before it is handled.
package struct HTTPRefusal: Error, Sendable, Equatable {
  /// The status code.
  package let status: Int
  /// What is wrong with it: lower case, no full stop, without text of the request.
  package let message: String

  /// Describes a refusal.
  package init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }
}
