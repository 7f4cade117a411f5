import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';

import { newId } from '../../../api/id';
import { useMoment } from '../../../app/moment';
import { useMay } from '../../../app/session';
import { en } from '../../../words/edit.en';
import { zh } from '../../../words/edit.zh';
import { useWords } from '../../../words/words';
import { AgreementEditor } from './agreement-editor';
import { OrganisationEditor } from './organisation-editor';
import { PlatformEditor } from './platform-editor';
import { ProjectEditor } from './project-editor';

/** The button that enters a new noun, for whoever may; its page opens once it is on record. */
export function NewNoun({ noun }: { noun: 'project' | 'agreement' | 'organisation' | 'platform' }) {
  const words = useWords(zh, en);
  const may = useMay();
  const navigate = useNavigate();
  const { division } = useMoment();
  const [id, setId] = useState<string | null>(null);
  if (!may('write_projects')) return null;
  const title = { project: words.newProject, agreement: words.newAgreement, organisation: words.newOrganisation, platform: words.newPlatform }[noun];
  const onClose = () => setId(null);
  const open = (path: string) => void navigate({ to: path as '/' });
  return (
    <>
      <Button onClick={() => setId(newId())}>{title}</Button>
      {id !== null && noun === 'project' && <ProjectEditor id={id} held={{ version: 0, document: { division: Number(division), name: '' } }} onSaved={(saved) => open(`/projects/${saved.id}`)} onClose={onClose} />}
      {id !== null && noun === 'agreement' && <AgreementEditor id={id} held={{ version: 0, document: { division: Number(division), name: '', kind: 'cooperation' } }} onSaved={(saved) => open(`/agreements/${saved.id}`)} onClose={onClose} />}
      {id !== null && noun === 'organisation' && <OrganisationEditor id={id} held={{ version: 0, document: { division: Number(division), name: '' } }} onSaved={(saved) => open(`/organisations/${saved.id}`)} onClose={onClose} />}
      {id !== null && noun === 'platform' && <PlatformEditor id={id} held={{ version: 0, document: { division: Number(division), name: '', kind: 'park' } }} onSaved={(saved) => open(`/platforms/${saved.id}`)} onClose={onClose} />}
    </>
  );
}
