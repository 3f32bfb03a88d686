import { LEVEL_WORDS, type Risk, riskLevel } from '@/server/privacy/dpia.schema';
import styles from './dpia.module.css';

const LEVELS = [1, 2, 3, 4];

/** Severity over likelihood: numbers of the risks before their measures, in brackets after them. */
export function RiskMatrix({ risks }: { risks: readonly Risk[] }) {
  return (
    <table className={styles.matrix}>
      <caption>Numbers: risks before measures; in brackets: after them</caption>
      <thead>
        <tr>
          <th scope="col">Severity \ likelihood</th>
          {LEVELS.map((level) => (
            <th key={level} scope="col">
              {LEVEL_WORDS[level]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...LEVELS].reverse().map((severity) => (
          <tr key={severity}>
            <th scope="row">{LEVEL_WORDS[severity]}</th>
            {LEVELS.map((likelihood) => (
              <td key={likelihood} data-level={riskLevel(severity, likelihood)}>
                {inCell(risks, severity, likelihood)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inCell(risks: readonly Risk[], severity: number, likelihood: number): string {
  const words: string[] = [];
  risks.forEach((risk, index) => {
    if (risk.severity === severity && risk.likelihood === likelihood) words.push(String(index + 1));
    if (risk.residualSeverity === severity && risk.residualLikelihood === likelihood)
      words.push(`(${index + 1})`);
  });
  return words.join(' ');
}
