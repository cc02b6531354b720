/** Assessments: which runs were assessed, and the table of one. */
export { AssessmentPage } from './AssessmentPage.tsx';
export { AssessmentsPage } from './AssessmentsPage.tsx';
