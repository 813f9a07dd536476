import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** `Judge 2a,ua1 file…`: one line a file and flavour, and below it what was not kept. */
public class Judge {
  public static void main(String[] words) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (int n = 1; n < words.length; n++) {
      for (String name : words[0].split(",")) {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(words[n]), flavour)) {
          PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
          ValidationResult found = validator.validate(parser);
          System.out.println((found.isCompliant() ? "ok" : "not") + " " + name + " " + words[n]);
          for (TestAssertion said : found.getTestAssertions()) {
            if (said.getStatus() == TestAssertion.Status.FAILED) {
              System.out.println("  " + said.getRuleId() + " " + said.getMessage());
            }
          }
        }
      }
    }
  }
}
