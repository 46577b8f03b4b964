/// A pattern of rules or subjects as people write it, `*` for any text and `?` for one character,
/// and as LIKE reads it.
package enum AlertPattern {
  /// Translates a pattern for LIKE; what LIKE would take for a wildcard stands for itself.
  ///
  /// - Parameter text: the pattern as it was written
  /// - Returns: the pattern for LIKE with its usual escape character
  package static func like(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "*": result += "%"
      case "?": result += "_"
      case "%", "_", "\\": result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Translates a pattern of LIKE back.
  ///
  /// - Parameter like: the pattern for LIKE
  /// - Returns: the pattern as people write it
  package static func text(_ like: String) -> String {
    var result = ""
    var isEscaped = false
    for scalar in like.unicodeScalars {
      switch scalar {
      case _ where isEscaped:
        result.unicodeScalars.append(scalar)
        isEscaped = false
      case "\\": isEscaped = true
      case "%": result += "*"
      case "_": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return isEscaped ? result + "\\" : result
  }
}
